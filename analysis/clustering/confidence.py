"""How firmly each item belongs to its cluster."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from analysis.clustering.distance import check_embeddings, normalize_rows, pairwise_distance
from analysis.clustering.linkage.knn import knn_candidates
from analysis.clustering.linkage.tree import DENSE_LIMIT
from analysis.labels import as_singletons

# Two are enough: the second one stands in where the first one is no better than single precision can tell.
_NUM_CLOSEST = 2
# Rounding leaves 1e-16 between equal unit vectors.
_SAME_PLACE = 1e-12


def separation_confidence(embeddings: ArrayLike, labels: NDArray[np.int64], metric: str) -> NDArray[np.float64]:
    """Return the silhouette of each item, clipped at 0: 1 - a / b.

    a is the mean distance to the other members of the item's cluster, b the mean distance to the nearest other cluster,
    where each item in no cluster counts as a cluster of its own. 1: the members are close and all others far. 0: some
    other cluster is as close as the item's own. An item in no cluster has 0; with one cluster only, every member has 1.

    Under the cosine distance no distance is computed: the mean distance of a unit vector to a set of unit vectors is 1
    minus the dot product with their mean. Time grows with n k d for k clusters there, with n^2 d otherwise.

    Args:
        embeddings: Shape (n, d), finite.
        labels: Shape (n,), -1 for 'in no cluster'.
        metric: "cosine", "euclidean" or "manhattan".

    Returns:
        Shape (n,), in [0, 1].

    References:
        Rousseeuw, Silhouettes: a graphical aid to the interpretation and validation of cluster analysis, 1987.
    """
    confidence = np.zeros(len(labels))
    placed = np.flatnonzero(labels >= 0)
    if placed.size == 0:
        return confidence
    _, groups, sizes = np.unique(as_singletons(labels), return_inverse=True, return_counts=True)
    rows, num_others = check_embeddings(embeddings), sizes[groups[placed]] - 1
    if metric == "cosine":
        within, between = _distances_by_means(normalize_rows(rows), groups, sizes, placed)
    else:
        within, between = _distances_by_pairs(pairwise_distance(rows, metric), groups, sizes, placed)
    # Members and others at distance 0 alike: nothing tells them apart.
    ratio = np.divide(within, between, out=np.ones_like(within), where=between > 0)
    confidence[placed] = np.where(num_others > 0, np.clip(1.0 - ratio, 0.0, 1.0), 0.0)
    return confidence


def _distances_by_pairs(
    distance: NDArray[np.float64], groups: NDArray[np.int64], sizes: NDArray[np.int64], placed: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean distances of the placed items: to the others of their group, and to the nearest other group."""
    totals = _sums(distance, groups).T[placed]
    own, each = groups[placed], np.arange(len(placed))
    within = totals[each, own] / np.maximum(sizes[own] - 1, 1)
    means = totals / sizes
    means[each, own] = np.inf
    return within, means.min(axis=1)


def _distances_by_means(
    unit_rows: NDArray[np.float64], groups: NDArray[np.int64], sizes: NDArray[np.int64], placed: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the same under the cosine distance from unit vectors, with distances of rounding alone set to 0."""
    sums = _sums(unit_rows, groups)
    rows, own = unit_rows[placed], groups[placed]
    within = 1.0 - (np.einsum("nd,nd->n", rows, sums[own]) - 1.0) / np.maximum(sizes[own] - 1, 1)
    nearest = _nearest_exactly if len(unit_rows) <= DENSE_LIMIT else _nearest_of_many
    between = nearest(rows, own, sums / sizes[:, None])
    within[within < _SAME_PLACE] = 0.0
    between[between < _SAME_PLACE] = 0.0
    return within, between


def _sums(rows: NDArray[np.float64], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    membership = csr_array((np.ones(len(groups)), (groups, np.arange(len(groups)))))
    return np.asarray(membership @ rows)


def _nearest_exactly(
    rows: NDArray[np.float64], own: NDArray[np.int64], means: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the mean distance (n,) of unit vectors to the nearest mean but their own; inf if there is none."""
    distance = 1.0 - rows @ means.T
    distance[np.arange(len(rows)), own] = np.inf
    return np.asarray(distance.min(axis=1))


def _nearest_of_many(
    rows: NDArray[np.float64], own: NDArray[np.int64], means: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the same, found in single precision: of two means equally near to 1e-5 the farther one may be taken."""
    mixed = np.random.default_rng(0).permutation(len(means))
    place = np.argsort(mixed)
    found, _ = knn_candidates(rows.astype(np.float32), means[mixed].astype(np.float32), place[own], _NUM_CLOSEST)
    nearest = np.full(len(rows), np.inf)
    for column in found.T:
        distance = 1.0 - np.einsum("nd,nd->n", rows, means[mixed[column]])
        nearest = np.where(column < 0, nearest, np.minimum(nearest, distance))
    return nearest
