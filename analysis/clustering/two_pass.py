"""The report's method: HDBSCAN first, then OPTICS on what was left as noise."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.cluster import OPTICS

from analysis.clustering.confidence import separation_confidence
from analysis.clustering.density import check_at_least, run_hdbscan
from analysis.clustering.distance import check_embeddings, check_metric, pairwise_distance
from analysis.clustering.equal_rows import join_equal_rows
from analysis.clustering.result import ClusteringResult


class TwoPassClustering:
    """A hierarchical pass covers the probable clusters, a second one retrieves pairs from its noise.

    Unlike the original report's code this also works where the first pass leaves no noise or one point of it.

    Args:
        metric: "cosine", "euclidean" or "manhattan".
        min_cluster_size: Fewest items of a cluster of the first pass, at least 2. The second pass takes pairs always.

    Raises:
        ValueError: If an argument is out of its range.

    References:
        Campello, Moulavi and Sander, Density-based clustering based on hierarchical density estimates, 2013.
        Ankerst, Breunig, Kriegel and Sander, OPTICS: ordering points to identify the clustering structure, 1999.
    """

    def __init__(self, metric: str = "cosine", *, min_cluster_size: int = 2) -> None:
        self.metric = check_metric(metric)
        self.min_cluster_size = check_at_least("min_cluster_size", min_cluster_size, 2)

    def fit(self, embeddings: ArrayLike) -> ClusteringResult:
        """Cluster the rows.

        Args:
            embeddings: Shape (n, d), finite.

        Returns:
            The confidence is hdbscan's membership probability in pass 1, and the clipped silhouette among all rows
            (see ``separation_confidence``) for items placed by pass 2 or with rows equal to them.
        """
        rows = check_embeddings(embeddings)
        distance = pairwise_distance(rows, self.metric)
        first, probability = run_hdbscan(distance, self.min_cluster_size)
        labels = join_equal_rows(rows, _second_pass(distance, first))
        passes = np.where(first >= 0, 1, 2)
        confidence = np.where(first >= 0, probability, separation_confidence(rows, labels, self.metric))
        return ClusteringResult.from_raw(labels, passes, confidence)


def _second_pass(distance: NDArray[np.float64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    """Add the clusters that OPTICS finds among the noise to the labels, numbered after those of the first pass."""
    labels = first.copy()
    noise = np.flatnonzero(first < 0)
    if len(noise) < 2:
        return labels
    found = _run_optics(distance[np.ix_(noise, noise)])
    labels[noise[found >= 0]] = found[found >= 0] + first.max() + 1
    return labels


def _run_optics(distance: NDArray[np.float64]) -> NDArray[np.int64]:
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        # Equal points have reachability 0, and OPTICS divides by it; the outcome, noise, is dealt with afterwards.
        warnings.simplefilter("ignore", RuntimeWarning)
        labels = OPTICS(min_samples=2, metric="precomputed").fit(distance).labels_
    return np.asarray(labels, dtype=np.int64)
