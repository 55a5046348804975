"""A checkpoint that learns from reviewed photos: its last linear layer and its threshold, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from analysis.learning import Learned, learn
from datamodules.scene import Scene
from inference.checkpoint import EMBEDDER, Checkpoint
from inference.embed_crops import BATCH_SIZE, as_tensors, decode_for
from inference.grouper import Grouper
from inference.reviewed_groups import linkage_threshold
from lightning_modules.embedder import Embedder


@dataclass(frozen=True)
class PooledPhoto:
    """A photo's crops as the embedding's linear layer sees them.

    Attributes:
        pooled: Features (n, f).
        sizes: Relative log width and height of each crop (n, 2).
    """

    pooled: Tensor
    sizes: Tensor


class Learner:
    """Learns from photos with known products.

    Args:
        grouper: What is to learn; its embedder is changed in place.

    Attributes:
        layer: The linear layer that learns; None where the embedding is not linear and only the threshold can.

    Raises:
        ValueError: If the clustering has no distance threshold.
    """

    def __init__(self, grouper: Grouper) -> None:
        threshold = linkage_threshold(grouper)
        if threshold is None:
            raise ValueError(
                f"{type(grouper.clusterer).__name__} has no distance threshold to learn: take a checkpoint that was "
                "trained with clustering=calibrated"
            )
        self.threshold, self.grouper, self.embedder = threshold, grouper, grouper.embedder
        self.layer = _linear_layer(grouper.embedder)
        if self.layer is not None:
            self._weight, self._bias = self.layer.weight.detach().clone(), self.layer.bias.detach().clone()

    @torch.inference_mode()
    def pool(self, scene: Scene) -> PooledPhoto:
        """Return what a photo's crops are pooled to, which learning does not change."""
        table = scene.crops()
        images, sizes = as_tensors(decode_for(self.grouper.resize, table), table.photos)
        backbone, prepare = self.embedder.backbone, self.embedder.preprocessing
        pooled = [
            backbone.pooled_features(prepare(images[start : start + BATCH_SIZE]), sizes[start : start + BATCH_SIZE])
            for start in range(0, len(images), BATCH_SIZE)
        ]
        return PooledPhoto(torch.cat(pooled), sizes)

    @torch.inference_mode()
    def embed(self, photo: PooledPhoto, transformation: NDArray[np.float64] | None = None) -> NDArray[np.float32]:
        """Return the embeddings (n, d) of a photo, with a transformation of the linear layer's output (d, d)."""
        self._transform(transformation)
        raw = self.embedder.backbone.project(photo.pooled)
        return self.embedder.metric.to_embedding(raw, photo.sizes).float().numpy()

    def learn(self, photos: Sequence[PooledPhoto], products: Sequence[NDArray[np.int64]]) -> Learned:
        """Return what photos with known products teach.

        Args:
            photos: The photos.
            products: Product of each detection (n,), numbered in each photo by itself.
        """
        raw = None
        if self.layer is not None:
            weight, bias = (values.double().numpy() for values in (self._weight, self._bias))
            raw = [photo.pooled.double().numpy() @ weight.T + bias for photo in photos]
        metric = self.embedder.metric.name
        return learn(raw, products, lambda place, change: self.embed(photos[place], change), metric, self.threshold)

    def checkpoint(self, content: Checkpoint, learned: Learned) -> Checkpoint:
        """Return the checkpoint with what was learned, without the state of its training.

        Args:
            content: The checkpoint that the grouper was loaded from.
            learned: What was learned.
        """
        self._transform(learned.transformation)
        weights = {f"{EMBEDDER}{name}": value.clone() for name, value in self.embedder.state_dict().items()}
        recipe = replace(content.recipe, clustering=dict(content.recipe.clustering))
        recipe.set_distance_threshold(learned.threshold)
        return Checkpoint(recipe, weights).without_training()

    def _transform(self, transformation: NDArray[np.float64] | None) -> None:
        if self.layer is None:
            return
        change = torch.eye(len(self._bias)) if transformation is None else torch.from_numpy(transformation).float()
        with torch.no_grad():
            self.layer.weight.copy_(change @ self._weight)
            self.layer.bias.copy_(change @ self._bias)


def _linear_layer(embedder: Embedder) -> nn.Linear | None:
    try:
        return embedder.backbone.linear_embedding()
    except ValueError:
        # An activation follows it, or there is none: the threshold alone is learned.
        return None
