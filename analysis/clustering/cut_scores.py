"""BCubed F of a dendrogram at every distance that it can be cut at, from one walk through its merges."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.clustering.linkage.merge_tree import MergeTree
from analysis.labels import as_singletons


def bcubed_of_cuts(tree: MergeTree, labels: ArrayLike, thresholds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return BCubed F of the groups that merge within each threshold; the same as scoring every cut on its own.

    A merge changes the two sums behind precision and recall by what its two groups hold, so that all n - 1 cuts cost
    as much as a few scores of one cut.

    Args:
        tree: All n - 1 merges of n items.
        labels: Shape (n,), product of each item; negative ones are items on their own.
        thresholds: Shape (k,).

    Returns:
        Shape (k,), each in 0..1.
    """
    _, products = np.unique(as_singletons(labels), return_inverse=True)
    num_items = len(products)
    sizes = np.bincount(products).astype(float)
    counts = np.zeros((2 * num_items - 1, len(sizes)))
    counts[np.arange(num_items), products] = 1
    precision = np.full(num_items, float(num_items))
    recall = np.full(num_items, float(len(sizes)))
    for step, (left, right) in enumerate(tree.children):
        merged = counts[left] + counts[right]
        counts[num_items + step] = merged
        pure = [np.dot(group, group) / group.sum() for group in (merged, counts[left], counts[right])]
        precision[step + 1] = precision[step] + pure[0] - pure[1] - pure[2]
        recall[step + 1] = recall[step] + np.dot(2 * counts[left] / sizes, counts[right])
    scores = 2 * precision * recall / (precision + recall) / num_items
    cuts = np.searchsorted(tree.distances, thresholds, side="right")
    return np.asarray(scores[cuts])
