"""Grouping one scene with a trained embedder: embed, cluster, aggregate."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.aggregation import Congregation
from analysis.clustering.result import Clustering
from datamodules.scene import Scene
from lightning_modules.embedder import Embedder
from scripts.embedding import embed_table
from scripts.recipe import build, build_embedder, read_checkpoint


@dataclass(frozen=True)
class Grouping:
    """What was found in one scene.

    Attributes:
        scene: The photo and its detections.
        clustering: Which detections show one product.
        congregations: Where each product stands together.
    """

    scene: Scene
    clustering: Clustering
    congregations: list[Congregation]


@dataclass(frozen=True)
class Grouper:
    """Embedder, clustering and aggregation of one checkpoint.

    Attributes:
        embedder: From crops to embeddings.
        clusterer: From embeddings to clusters.
        aggregation: From boxes and clusters to congregations.
    """

    embedder: Embedder
    clusterer: Any
    aggregation: Any

    @classmethod
    def from_checkpoint(cls, path: Path) -> "Grouper":
        """Returns the grouper that a checkpoint describes.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If it is no checkpoint of this project.
        """
        checkpoint = read_checkpoint(path)
        embedder = build_embedder(checkpoint)
        clusterer = build(checkpoint["recipe"]["clustering"])(metric=embedder.metric.name)
        return cls(embedder, clusterer, build(checkpoint["recipe"]["aggregation"]))

    def embed(self, scene: Scene) -> np.ndarray:
        """Returns one embedding per detection (n, d), float32."""
        return embed_table(self.embedder, scene.crops())

    def group(self, scene: Scene) -> Grouping:
        """Returns the groups of a photo's detections."""
        clustering = self.clusterer.fit(self.embed(scene))
        return Grouping(scene, clustering, self.aggregation.aggregate(scene.boxes, clustering.labels))
