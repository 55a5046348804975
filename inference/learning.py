"""A checkpoint that learns from reviewed photos: its last linear layer and its threshold, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from analysis.learning import Learned, learn
from analysis.within_class import normalize_within_class
from datamodules.scene import Scene
from inference.checkpoint import EMBEDDER, Checkpoint
from inference.embed_crops import BATCH_SIZE, as_tensors, decode_for
from inference.grouper import Grouper
from inference.reviewed_groups import linkage_threshold
from lightning_modules.embedder import Embedder
from lightning_modules.metrics.pair_loss import pair_loss

# Steps of Adam, its rate, and the weight of the squared distance from their start; see docs/review.md.
STEPS, RATE, PULL = 20, 0.002, 0.1


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

    @torch.no_grad()
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

    @torch.no_grad()
    def embed(self, photo: PooledPhoto, transformation: NDArray[np.float64] | None = None) -> NDArray[np.float32]:
        """Return the embeddings (n, d) of a photo, with a transformation of the linear layer's output (d, d)."""
        self._transform(transformation)
        return self._embedded(photo).numpy()

    def learn(self, photos: Sequence[PooledPhoto], products: Sequence[NDArray[np.int64]]) -> Learned:
        """Return what photos with known products teach.

        Args:
            photos: The photos.
            products: Product of each detection (n,); equal numbers in two photos are one product, as names say.
        """

        def teach(places: Sequence[int]) -> NDArray[np.float64]:
            return self._tell_apart([photos[place] for place in places], [products[place] for place in places])

        def embed(place: int, change: NDArray[np.float64] | None) -> NDArray[np.float32]:
            return self.embed(photos[place], change)

        metric = self.embedder.metric.name
        return learn(None if self.layer is None else teach, products, embed, metric, self.threshold)

    def _tell_apart(self, photos: Sequence[PooledPhoto], products: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
        """Return a transformation after a few steps that draw products together and look-alikes apart.

        The steps take the pairs of each photo, as groups are made within it; where they start, products vary alike in
        all directions, those between photos included.
        """
        assert self.layer is not None, "the embedding is linear"
        start = torch.from_numpy(normalize_within_class(self._raw(photos), np.concatenate(products))).float()
        change = start.clone()
        optimizer = torch.optim.Adam([change], lr=RATE)
        self.layer.requires_grad_(True)
        for _ in range(STEPS):
            self._transform(change.double().numpy())
            losses = [
                pair_loss(self._embedded(photo), torch.from_numpy(own), self.embedder.metric.name, self.threshold)
                for photo, own in zip(photos, products, strict=True)
            ]
            of_weight, of_bias = torch.autograd.grad(torch.stack(losses).sum(), (self.layer.weight, self.layer.bias))
            items = sum(len(own) for own in products)
            change.grad = (of_weight @ self._weight.T + torch.outer(of_bias, self._bias)) / items
            change.grad += 2 * PULL * (change - start)
            optimizer.step()
        self.layer.requires_grad_(False)
        return change.double().numpy()

    @torch.no_grad()
    def _raw(self, photos: Sequence[PooledPhoto]) -> NDArray[np.float64]:
        """Return what the layer gives without a transformation, in the length in which it is compared (n, d)."""
        raw = functional.linear(torch.cat([photo.pooled for photo in photos]), self._weight, self._bias).double()
        return (functional.normalize(raw) if self.embedder.metric.name == "cosine" else raw).numpy()

    def _embedded(self, photo: PooledPhoto) -> Tensor:
        raw = self.embedder.backbone.project(photo.pooled)
        return self.embedder.metric.to_embedding(raw, photo.sizes).float()

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
