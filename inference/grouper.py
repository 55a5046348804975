"""Grouping scenes with a trained embedder: embed, cluster, aggregate."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.aggregation.congregation import Congregation
from analysis.measures.grouping import grouping_measures
from datamodules.scene import Scene
from datamodules.transforms.crop_resize import CropResize
from inference.checkpoint import Checkpoint
from inference.embed_crops import embed_table
from inference.parts import build_part
from lightning_modules.embedder import Embedder


@dataclass(frozen=True)
class Grouping:
    """What was found in one scene.

    Attributes:
        scene: The photo and its detections.
        labels: Cluster of each detection (n,), -1 for a detection alone.
        passes: Pass that placed it (n,), 0 for a detection alone.
        confidence: How firmly it belongs to its cluster (n,), 0..1.
        congregations: Where each cluster stands together.
    """

    scene: Scene
    labels: np.ndarray
    passes: np.ndarray
    confidence: np.ndarray
    congregations: list[Congregation]

    @property
    def num_clusters(self) -> int:
        """Number of clusters in this scene."""
        return len(np.unique(self.labels[self.labels >= 0]))

    def measures(self) -> dict[str, float] | None:
        """Returns the grouping measures, or None where the scene has no labels."""
        return None if self.scene.labels is None else grouping_measures(self.scene.labels, self.labels)


@dataclass(frozen=True)
class Grouper:
    """Embedder, clustering and aggregation of one checkpoint.

    Attributes:
        resize: From cut crops to the squares that the embedder takes.
        embedder: From crops to embeddings.
        clusterer: From embeddings to clusters.
        aggregation: From boxes and clusters to congregations.
    """

    resize: CropResize
    embedder: Embedder
    clusterer: Any
    aggregation: Any

    @classmethod
    def from_checkpoint(cls, path: Path, clustering: Callable[..., Any] | None = None) -> "Grouper":
        """Returns the grouper that a checkpoint describes.

        Args:
            path: The checkpoint.
            clustering: Another clustering than the checkpoint's, without its metric.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If it is no checkpoint of this project.
        """
        checkpoint = Checkpoint.read(path)
        embedder = checkpoint.build_embedder()
        clusterer = (clustering or build_part(checkpoint.recipe.clustering))(metric=embedder.metric.name)
        return cls(checkpoint.build_resize(), embedder, clusterer, build_part(checkpoint.recipe.aggregation))

    def embed(self, scene: Scene) -> np.ndarray:
        """Returns one embedding per detection (n, d), float32."""
        return embed_table(self.embedder, self.resize, scene.crops())

    def group(self, scenes: Sequence[Scene], embeddings: Sequence[np.ndarray]) -> list[Grouping]:
        """Groups the detections of all scenes together: a product has one number in every scene.

        Args:
            scenes: Photos with boxes.
            embeddings: Embeddings (n, d) of each scene's detections.
        """
        clustering = self.clusterer.fit(np.concatenate(embeddings))
        ends = np.cumsum([len(scene) for scene in scenes])[:-1]
        columns = (np.split(values, ends) for values in (clustering.labels, clustering.passes, clustering.confidence))
        return [
            Grouping(scene, labels, passes, confidence, self.aggregation.aggregate(scene.boxes, labels))
            for scene, labels, passes, confidence in zip(scenes, *columns, strict=True)
        ]
