"""Cosine similarity: the metric on the unit sphere."""

from torch import Tensor, nn
from torch.nn import functional


class CosineMetric(nn.Module):
    """Cosine of the angle between embedding and anchor, both brought to unit length; in [-1, 1]."""

    name = "cosine"

    def prepare(self, embeddings: Tensor) -> Tensor:
        """Returns the embeddings (n, d) as they are compared and clustered: at unit length."""
        return functional.normalize(embeddings, dim=-1)

    def forward(self, embeddings: Tensor, anchors: Tensor) -> Tensor:
        """Returns the similarity (n, C) of embeddings (n, d) to anchors (C, d)."""
        return self.prepare(embeddings) @ self.prepare(anchors).T
