"""Identical embeddings are one product, whatever a clusterer makes of them.

Density methods call a handful of identical points noise, and break ties between equal distances by the order of the
points. Photos do hold such rows (copies of one crop), and splitting them can never be right. So every clusterer here
ends with this rule, and it goes before `min_cluster_size`: two identical rows are a cluster of two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def join_identical(embeddings: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give all rows that are equal in every entry one label.

    Rows of which some are in a cluster all go to the cluster that holds most of them (the lower label on a tie); rows
    of which none is in a cluster become a new cluster. Whoever is left alone in a cluster by that is in none.

    Args:
        embeddings: shape (n, d).
        labels: shape (n,), -1 for 'in no cluster'.

    Returns:
        Shape (n,), a new array.
    """
    joined = labels.copy()
    next_label = int(labels.max(initial=-1)) + 1
    for members in _identical_rows(embeddings):
        placed = labels[members][labels[members] >= 0]
        if placed.size:
            joined[members] = np.bincount(placed).argmax()
        else:
            joined[members] = next_label
            next_label += 1
    sizes = np.bincount(joined + 1)
    return np.where(sizes[joined + 1] > 1, joined, -1)


def _identical_rows(embeddings: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Indices of each set of at least two equal rows."""
    if len(embeddings) == 0:
        return []
    # Adding 0.0 turns -0.0 into 0.0.
    _, inverse, counts = np.unique(embeddings + 0.0, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(inverse.reshape(-1), kind="stable")
    groups = np.split(order, np.cumsum(counts)[:-1])
    return sorted((group for group in groups if len(group) > 1), key=lambda group: int(group[0]))
