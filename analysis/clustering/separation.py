"""How firmly each item belongs to its cluster, from distances alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array


def separation_confidence(distance: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Silhouette of each item, clipped at 0: 1 - a / b.

    a is the mean distance to the fellows in the item's own cluster, b the mean distance to the nearest other cluster,
    where each item in no cluster counts as a cluster of its own. 1: the fellows are close and the others far. 0: some
    other cluster is as close as the own one. An item with no fellows has 0; with one cluster only, every member has 1.

    Args:
        distance: shape (n, n).
        labels: shape (n,), -1 for 'in no cluster'.

    Returns:
        Shape (n,), in [0, 1].

    References:
        Rousseeuw, Silhouettes: a graphical aid to the interpretation and validation of cluster analysis, 1987.
    """
    num_items = len(labels)
    confidence = np.zeros(num_items)
    placed = np.flatnonzero(labels >= 0)
    if placed.size == 0:
        return confidence
    groups = np.where(labels >= 0, labels, labels.max() + 1 + np.arange(num_items))
    _, groups = np.unique(groups, return_inverse=True)
    sizes = np.bincount(groups)
    membership = csr_array((np.ones(num_items), (groups, np.arange(num_items))))
    totals = (membership @ distance).T[placed]
    own = groups[placed]
    rows = np.arange(len(placed))
    within = totals[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = totals / sizes
    means[rows, own] = np.inf
    between = means.min(axis=1)
    # Fellows and strangers at distance 0 alike: nothing tells them apart.
    ratio = np.divide(within, between, out=np.ones_like(within), where=between > 0)
    confidence[placed] = np.where(sizes[own] > 1, np.clip(1.0 - ratio, 0.0, 1.0), 0.0)
    return confidence
