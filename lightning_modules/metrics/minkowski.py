"""Negative distances as similarities: Euclidean (p=2) and Manhattan (p=1)."""

import torch
from torch import Tensor, nn


class _NegativeDistance(nn.Module):
    """Minus the mean distance per dimension, so that one lambda means the same for every embedding width."""

    name: str
    power: float
    takes_sizes = False

    def normalize(self, embeddings: Tensor) -> Tensor:
        """Return the embeddings (n, d) as they are compared with anchors: unchanged."""
        return embeddings

    def to_embedding(self, raw: Tensor, sizes: Tensor) -> Tensor:
        """Return the embeddings (n, d) as they are clustered: unchanged; sizes (n, 2) do not count."""
        return raw

    def forward(self, embeddings: Tensor, anchors: Tensor) -> Tensor:
        """Return the similarity (n, C), at most 0, of embeddings (n, d) to anchors (C, d)."""
        dimensions = embeddings.shape[-1]
        distance = torch.cdist(embeddings, anchors, p=self.power)
        return -distance / dimensions ** (1 / self.power)


class EuclideanMetric(_NegativeDistance):
    """Minus the root mean square difference between embedding and anchor."""

    name = "euclidean"
    power = 2.0


class ManhattanMetric(_NegativeDistance):
    """Minus the mean absolute difference between embedding and anchor."""

    name = "manhattan"
    power = 1.0
