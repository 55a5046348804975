"""Average linkage whose threshold is fitted on labelled scenes instead of being guessed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.clustering.cut_scores import bcubed_of_cuts
from analysis.clustering.distance import check_metric
from analysis.clustering.linkage.tree import average_linkage_tree
from analysis.clustering.result import ClusteringResult

NUM_CANDIDATES = 200
TOLERATED_LOSS = 0.005


class CalibratedClustering:
    """Average-linkage clustering that learns from labelled scenes how similar two crops of one product are.

    A generic clusterer does not know at which distance one product ends; crops of known products do. The threshold is
    the distance at which the mean BCubed F over the labelled scenes is best.

    Args:
        metric: "cosine", "euclidean" or "manhattan".
        distance_threshold: Largest mean distance at which two groups merge; None until ``calibrate`` has been called.

    Raises:
        ValueError: If an argument is out of its range.
    """

    def __init__(self, metric: str = "cosine", *, distance_threshold: float | None = None) -> None:
        self.metric = check_metric(metric)
        self.distance_threshold = distance_threshold

    def fit(self, embeddings: ArrayLike) -> ClusteringResult:
        """Cluster the rows (n, d) as ``AgglomerativeClustering`` with average linkage does.

        Raises:
            ValueError: If the clustering has not been calibrated.
        """
        if self.distance_threshold is None:
            raise ValueError("this clustering has not been calibrated: call calibrate() or give distance_threshold")
        return AgglomerativeClustering(self.metric, distance_threshold=self.distance_threshold).fit(embeddings)

    def calibrate(self, scenes: Sequence[tuple[ArrayLike, ArrayLike]], sources: Sequence[str] | None = None) -> float:
        """Fit the threshold on scenes and keep it.

        Args:
            scenes: Embeddings (n, d) and product labels (n,) of each scene; scenes of fewer than two items say nothing.
            sources: Where each scene is from; every source counts alike, however many scenes it has. None for one.

        Returns:
            The threshold, in units of the metric.

        Raises:
            ValueError: If no scene has two items.
        """
        names = [""] * len(scenes) if sources is None else sources
        useful = [(*scene, name) for scene, name in zip(scenes, names, strict=True) if len(np.asarray(scene[1])) > 1]
        if not useful:
            raise ValueError(f"calibration needs a labelled scene of at least two items, got {len(scenes)} without")
        trees = [(average_linkage_tree(rows, self.metric), labels) for rows, labels, _ in useful]
        _, places, counts = np.unique([name for *_, name in useful], return_inverse=True, return_counts=True)
        heights = np.concatenate([tree.distances for tree, _ in trees])
        candidates = np.linspace(heights.min(), heights.max(), NUM_CANDIDATES)
        scores = [bcubed_of_cuts(tree, labels, candidates) for tree, labels in trees]
        mean = np.average(scores, axis=0, weights=1 / counts[places])
        self.distance_threshold = float(candidates[_middle_of_plateau(mean)])
        return self.distance_threshold


def _middle_of_plateau(scores: NDArray[np.float64]) -> int:
    """Return the index in the middle of the stretch around the best score on which hardly anything is lost.

    Crops that a network was trained on lie closer together than others, so that a wide range of thresholds separates
    them perfectly. Its lower end would split what the network has not seen; its middle is safe on both sides.
    """
    best = int(scores.argmax())
    worse = np.flatnonzero(scores < scores[best] - TOLERATED_LOSS)
    first = worse[worse < best].max(initial=-1) + 1
    last = worse[worse > best].min(initial=len(scores)) - 1
    return int(first + last) // 2
