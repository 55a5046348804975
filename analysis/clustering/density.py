"""Density clustering in one pass (HDBSCAN)."""

from __future__ import annotations

import numpy as np
from hdbscan import HDBSCAN
from numpy.typing import ArrayLike, NDArray

from analysis.clustering.distance import check_embeddings, check_metric, pairwise_distance
from analysis.clustering.equal_rows import join_equal_rows
from analysis.clustering.result import ClusteringResult


class DensityClustering:
    """HDBSCAN on the dense distance matrix; what it calls noise stays in no cluster.

    Args:
        metric: "cosine", "euclidean" or "manhattan".
        min_cluster_size: Fewest items of a cluster, at least 2 (equal items may be fewer).
        min_samples: Neighbours that make a point dense, the point itself not counted; 1 lets pairs be found.

    Raises:
        ValueError: If an argument is out of its range.

    References:
        Campello, Moulavi and Sander, Density-based clustering based on hierarchical density estimates, 2013.
    """

    def __init__(self, metric: str = "cosine", *, min_cluster_size: int = 2, min_samples: int = 1) -> None:
        self.metric = check_metric(metric)
        self.min_cluster_size = check_at_least("min_cluster_size", min_cluster_size, 2)
        self.min_samples = check_at_least("min_samples", min_samples, 1)

    def fit(self, embeddings: ArrayLike) -> ClusteringResult:
        """Cluster the rows.

        Args:
            embeddings: Shape (n, d), finite.

        Returns:
            Pass 1 for every clustered item; the confidence is hdbscan's membership probability, and 1 for items that
            only rows equal to them brought into a cluster.
        """
        rows = check_embeddings(embeddings)
        labels, confidence = run_hdbscan(
            pairwise_distance(rows, self.metric), self.min_cluster_size, min_samples=self.min_samples
        )
        joined = join_equal_rows(rows, labels)
        confidence[(labels < 0) & (joined >= 0)] = 1.0
        return ClusteringResult.from_raw(joined, np.ones(len(rows)), confidence)


def run_hdbscan(
    distance: NDArray[np.float64], min_cluster_size: int, min_samples: int | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Run hdbscan, also for the few points on which hdbscan itself raises.

    Args:
        distance: Shape (n, n).
        min_cluster_size: Fewest items of a cluster.
        min_samples: As in hdbscan; None takes ``min_cluster_size``, which is hdbscan's own default.

    Returns:
        Labels and membership probabilities, both (n,). With fewer points than make a cluster all are noise: -1, with
        probability 0.
    """
    num_items = len(distance)
    if num_items < max(min_cluster_size, 2):
        return np.full(num_items, -1, dtype=np.int64), np.zeros(num_items)
    model = HDBSCAN(metric="precomputed", min_cluster_size=min_cluster_size, min_samples=min_samples).fit(distance)
    return model.labels_.astype(np.int64), model.probabilities_.astype(np.float64)


def check_at_least(name: str, value: int, least: int) -> int:
    """Return the value, or raise a ValueError that names it."""
    if not isinstance(value, int) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    return value
