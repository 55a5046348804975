"""Exact average linkage of unit vectors without a distance matrix.

The mean similarity of two groups of unit vectors is the dot product of the groups' means, so a group is its sum and its
size. Every round merges all pairs of groups that are each other's nearest; average linkage gives the same tree in
whatever order such pairs merge, because no merge brings two groups closer to a third one than the nearer of the two
was (reducibility). For the same reason a group's nearest stays the nearest until it merges itself, and a group that is
too far from all others stays so.

Searching all groups for the nearest is what costs. Each group therefore keeps a shortlist of its nearest, and a bound
on its similarity to groups that contain none of the shortlist. By reducibility the bound survives all merges, and as
long as someone on the shortlist is more similar than the bound, nobody else need be looked at.

References:
    Sumengen et al., Scaling hierarchical agglomerative clustering to billion-sized datasets, 2021, arXiv:2105.11653.
    Bruynooghe, Classification ascendante hierarchique des grands ensembles de donnees, 1978 (reducibility).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.clustering.equal_rows import distinct_rows
from analysis.clustering.linkage.centroids import Centroids
from analysis.clustering.linkage.merge_tree import MergeTree, merges_of_equals, ordered_tree

# Rounding must not keep two groups at exactly the largest distance apart; the cut decides about them.
_FLOOR_MARGIN = 1e-9


def matrix_free_average_linkage(unit_rows: NDArray[np.float64], max_distance: float) -> MergeTree:
    """Build the tree of average linkage under the cosine distance.

    Time grows with n^2 d, memory with n d. Equal distances are broken by position, which SciPy does differently.

    Args:
        unit_rows: Shape (n, d), n at least 1, rows of length 1 (see ``normalize_rows``); is overwritten.
        max_distance: Groups farther apart than this need not merge; a lower one saves time.

    Returns:
        All merges up to ``max_distance``, and possibly a few beyond.
    """
    num_items = len(unit_rows)
    first_of, inverse = distinct_rows(unit_rows)
    distinct = unit_rows if len(first_of) == num_items else unit_rows[first_of]
    children, sizes, nodes = merges_of_equals(inverse)
    groups = Centroids(distinct, np.bincount(inverse))
    merges = [(children, np.zeros(len(children)), sizes)]
    next_node, height = num_items + len(children), np.zeros(len(distinct))
    pending = np.arange(len(distinct))
    # No two unit vectors are farther apart than 2.
    floor = 1.0 - min(max_distance, 2.0) - _FLOOR_MARGIN
    while pending.size:
        gone = groups.find_nearest(pending, floor)
        first, second = groups.mutual_pairs()
        # A merge is never lower than those it builds on; rounding alone could make it so.
        distance = np.clip(1.0 - groups.similarity[first], np.maximum(height[first], height[second]), 2.0)
        pairs = np.column_stack([nodes[first], nodes[second]])
        pending = groups.merge(first, second, gone)
        merges.append((pairs, distance, groups.sizes[first]))
        height[first], nodes[first] = distance, next_node + np.arange(len(first))
        next_node += len(first)
    return ordered_tree(num_items, *(np.concatenate(parts) for parts in zip(*merges, strict=True)))
