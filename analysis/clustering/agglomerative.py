"""Agglomerative clustering, cut at a distance."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.cluster.hierarchy import fcluster
from scipy.cluster.hierarchy import linkage as build_tree
from scipy.spatial.distance import squareform

from analysis.clustering.distance import check_embeddings, check_metric, pairwise_distance
from analysis.clustering.identical import join_identical
from analysis.clustering.linkage.average import average_linkage
from analysis.clustering.linkage.normalize import normalize_rows
from analysis.clustering.mean_separation import mean_separation_confidence
from analysis.clustering.result import ClusteringResult
from analysis.clustering.separation import separation_confidence

LINKAGES = ("average", "complete", "single")
# Up to here the distance matrix is faster, see docs/speed.md; the groups are the same.
DENSE_LIMIT = 1500


class AgglomerativeClustering:
    """Merges the two closest groups until they are farther apart than a threshold; a group of one is in no cluster.

    Average linkage under the cosine distance needs no distance matrix and takes hundreds of thousands of items; the
    memory of everything else grows with n^2.

    Args:
        metric: "cosine", "euclidean" or "manhattan".
        distance_threshold: largest distance at which two groups still merge, in units of the metric.
        linkage: distance of two groups: "average", "complete" (farthest pair) or "single" (closest pair).

    Raises:
        ValueError: if an argument is out of its range.

    References:
        Sokal and Michener, A statistical method for evaluating systematic relationships, 1958.
    """

    def __init__(self, metric: str = "cosine", *, distance_threshold: float, linkage: str = "average") -> None:
        if linkage not in LINKAGES:
            raise ValueError(f"linkage must be one of {', '.join(LINKAGES)}, got {linkage!r}")
        self.metric = check_metric(metric)
        self.distance_threshold = _check_threshold(distance_threshold)
        self.linkage = linkage

    def fit(self, embeddings: ArrayLike) -> ClusteringResult:
        """Cluster the rows.

        Args:
            embeddings: shape (n, d), finite.

        Returns:
            Pass 1 for every clustered item; the confidence is the clipped silhouette (see `separation_confidence`).
        """
        rows = check_embeddings(embeddings)
        if len(rows) > DENSE_LIMIT and (self.metric, self.linkage) == ("cosine", "average"):
            # In place of the embeddings: a copy that nobody needs would be held to the end.
            rows = normalize_rows(rows)
            return self._fit_means(rows)
        distance = pairwise_distance(rows, self.metric)
        labels = join_identical(rows, self._cut(distance))
        return ClusteringResult.from_raw(labels, np.ones(len(rows)), separation_confidence(distance, labels))

    def _fit_means(self, unit_rows: NDArray[np.float64]) -> ClusteringResult:
        """The same from the means of the groups; identical rows are one there from the start."""
        labels = average_linkage(unit_rows, self.distance_threshold).labels(self.distance_threshold)
        return ClusteringResult.from_raw(labels, np.ones(len(labels)), mean_separation_confidence(unit_rows, labels))

    def _cut(self, distance: NDArray[np.float64]) -> NDArray[np.int64]:
        """Labels of the groups at the threshold, -1 for groups of one."""
        if len(distance) < 2:
            return np.full(len(distance), -1, dtype=np.int64)
        return cut_tree(build_tree(squareform(distance, checks=False), method=self.linkage), self.distance_threshold)


def cut_tree(tree: NDArray[np.float64], threshold: float) -> NDArray[np.int64]:
    """Labels (n,) of the groups of a SciPy tree that merge within the threshold, -1 for groups of one."""
    groups = fcluster(tree, threshold, criterion="distance").astype(np.int64)
    return np.where(np.bincount(groups)[groups] > 1, groups, -1)


def _check_threshold(threshold: float | None) -> float:
    if threshold is None or not math.isfinite(threshold) or threshold < 0:
        raise ValueError(
            f"distance_threshold must be a finite number of at least 0, got {threshold!r}; "
            "calibrate one on classes that the network has not seen"
        )
    return float(threshold)
