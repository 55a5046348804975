"""How firmly each item belongs to its cluster, from the means of the clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.clustering.linkage.knn import shortlist

# Two are enough: the second one stands in where the first one is no better than single precision can tell.
_NUM_CLOSEST = 2


def mean_separation_confidence(unit_rows: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """The value of `separation_confidence` under the cosine distance, without the distances.

    The mean cosine distance of a unit vector to a set of unit vectors is 1 minus the dot product with their mean. Time
    grows with n k d, where each item in no cluster counts as one of the k clusters; memory with n d. The nearest other
    cluster is found in single precision, so that of two clusters equally near to 1e-5 the farther one may be taken.

    Args:
        unit_rows: shape (n, d), rows of length 1 (see `directions`).
        labels: shape (n,), -1 for 'in no cluster'.

    Returns:
        Shape (n,), in [0, 1].
    """
    confidence = np.zeros(len(labels))
    placed = np.flatnonzero(labels >= 0)
    if placed.size == 0:
        return confidence
    groups = np.where(labels >= 0, labels, labels.max() + 1 + np.arange(len(labels)))
    _, groups, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    sums = _sums(unit_rows, groups, sizes)
    rows, own = unit_rows[placed], groups[placed]
    fellows = sizes[own] - 1
    within = 1.0 - (np.einsum("nd,nd->n", rows, sums[own]) - 1.0) / np.maximum(fellows, 1)
    between = _nearest_other(rows, own, sums / sizes[:, None])
    # Rounding leaves 1e-16 between equal vectors.
    within[within < 1e-12] = 0.0
    # Fellows and strangers at distance 0 alike: nothing tells them apart.
    ratio = np.divide(within, between, out=np.ones_like(within), where=between > 1e-12)
    confidence[placed] = np.where(fellows > 0, np.clip(1.0 - ratio, 0.0, 1.0), 0.0)
    return confidence


def _sums(rows: NDArray[np.float64], groups: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    order = np.argsort(groups, kind="stable")
    return np.add.reduceat(rows[order], np.cumsum(sizes) - sizes, axis=0)


def _nearest_other(
    rows: NDArray[np.float64], own: NDArray[np.int64], means: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean distance to the nearest cluster but the own one; inf if there is none."""
    mixed = np.random.default_rng(0).permutation(len(means))
    place = np.argsort(mixed)
    found, _ = shortlist(rows.astype(np.float32), means[mixed].astype(np.float32), place[own], _NUM_CLOSEST)
    nearest = np.full(len(rows), np.inf)
    for column in found.T:
        distance = 1.0 - np.einsum("nd,nd->n", rows, means[mixed[column]])
        nearest = np.where(column < 0, nearest, np.minimum(nearest, distance))
    return nearest
