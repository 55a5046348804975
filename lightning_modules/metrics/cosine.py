"""Cosine similarity: the metric on the unit sphere."""

import math

from torch import Tensor, nn
from torch.nn import functional

from lightning_modules.checks import check_number
from lightning_modules.metrics.box_size import with_box_size


class CosineMetric(nn.Module):
    """Cosine of the angle between embedding and anchor, both brought to unit length; in [-1, 1].

    Args:
        size_weight: How much the width and the height of a box count, each beside the embedding, when crops are
            compared with each other; 0 for not at all. Training does not see it.

    Raises:
        ValueError: If the weight is negative or not finite.
    """

    name = "cosine"

    def __init__(self, size_weight: float = 0.0) -> None:
        super().__init__()
        self.size_weight = check_number("metric.size_weight", size_weight, "at least 0", lambda x: 0 <= x < math.inf)

    @property
    def takes_sizes(self) -> bool:
        """Whether the sizes of boxes count when crops are compared."""
        return self.size_weight > 0

    def normalize(self, embeddings: Tensor) -> Tensor:
        """Return the embeddings (n, d) as they are compared with anchors: at unit length."""
        return functional.normalize(embeddings, dim=-1)

    def to_embedding(self, raw: Tensor, sizes: Tensor) -> Tensor:
        """Return the embeddings as they are clustered: at unit length, (n, d), or (n, d + 4) where sizes count.

        Args:
            raw: Raw embeddings (n, d).
            sizes: Relative log width and height of each crop (n, 2).
        """
        unit = self.normalize(raw)
        return with_box_size(unit, sizes, self.size_weight) if self.takes_sizes else unit

    def forward(self, embeddings: Tensor, anchors: Tensor) -> Tensor:
        """Return the similarity (n, C) of embeddings (n, d) to anchors (C, d)."""
        return self.normalize(embeddings) @ self.normalize(anchors).T
