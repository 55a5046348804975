"""Agglomerative clustering, cut at a distance."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from analysis.clustering.confidence import separation_confidence
from analysis.clustering.distance import check_embeddings, check_metric
from analysis.clustering.equal_rows import join_equal_rows
from analysis.clustering.linkage.tree import average_linkage_tree
from analysis.clustering.result import ClusteringResult


class AgglomerativeClustering:
    """Merges the two groups of least mean distance until all are farther apart than a threshold (average linkage).

    A group of one is in no cluster.

    Args:
        metric: "cosine", "euclidean" or "manhattan".
        distance_threshold: Largest mean distance at which two groups still merge, in units of the metric.

    Raises:
        ValueError: If an argument is out of its range.
    """

    def __init__(self, metric: str = "cosine", *, distance_threshold: float) -> None:
        self.metric = check_metric(metric)
        self.distance_threshold = _check_threshold(distance_threshold)

    def fit(self, embeddings: ArrayLike) -> ClusteringResult:
        """Cluster the rows.

        Args:
            embeddings: Shape (n, d), finite.

        Returns:
            Pass 1 for every clustered item; the confidence is the clipped silhouette (see ``separation_confidence``).
        """
        rows = check_embeddings(embeddings)
        tree = average_linkage_tree(rows, self.metric, self.distance_threshold)
        labels = join_equal_rows(rows, tree.labels(self.distance_threshold))
        return ClusteringResult.from_raw(labels, np.ones(len(rows)), separation_confidence(rows, labels, self.metric))


def _check_threshold(threshold: float | None) -> float:
    if threshold is None or not math.isfinite(threshold) or threshold < 0:
        raise ValueError(
            f"distance_threshold must be a finite number of at least 0, got {threshold!r}; "
            "calibrate one on classes that the network has not seen"
        )
    return float(threshold)
