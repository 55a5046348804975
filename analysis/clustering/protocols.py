"""What a clustering must offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from numpy.typing import ArrayLike

from analysis.clustering.result import ClusteringResult


class Clusterer(Protocol):
    """Anything that groups embeddings."""

    def fit(self, embeddings: ArrayLike) -> ClusteringResult:
        """Cluster embeddings of shape (n, d)."""


@runtime_checkable
class Calibratable(Clusterer, Protocol):
    """A clusterer that learns its threshold from labelled scenes.

    Attributes:
        distance_threshold: Largest distance at which two groups merge; None until it is fitted.
    """

    distance_threshold: float | None

    def calibrate(self, scenes: Sequence[tuple[ArrayLike, ArrayLike]], sources: Sequence[str] | None = None) -> float:
        """Fit the threshold on embeddings (n, d) and labels (n,) of scenes, keep it and return it.

        Args:
            scenes: Embeddings and labels of each scene.
            sources: Where each scene is from, if every source is to count alike.
        """
