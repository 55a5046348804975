"""One anchor per product; similarity times lambda is the logit.

An anchor is what others call the proxy, the prototype or the weight vector of a class.
"""

import math

import torch
from torch import Tensor, nn

from lightning_modules.checks import check_number
from lightning_modules.heads.training_head import TrainingHead
from lightning_modules.protocols import Metric


class AnchoredHead(TrainingHead):
    """Reads the last layer of a classifier as one anchor embedding per product.

    logits = lambda * similarity(embedding, anchor). With the cosine metric this is the normalised softmax of
    Wang et al., NormFace (2017). lambda bounds the logits, hence how far apart the products are pushed.

    Args:
        embedding_dim: Width d of the embeddings.
        num_classes: Number C of training products.
        metric: Similarity with ``forward(embeddings, anchors) -> (n, C)``.
        scale: lambda, above 0.

    Raises:
        ValueError: If a size is below 1 or the scale is not a positive number.
    """

    def __init__(self, embedding_dim: int, num_classes: int, metric: Metric, scale: float) -> None:
        super().__init__()
        if embedding_dim < 1 or num_classes < 1:
            raise ValueError(f"embedding_dim and num_classes must be at least 1, got {embedding_dim} and {num_classes}")
        self.metric = metric
        self.scale = check_number("lambda", scale, "a positive number", lambda x: 0 < x < math.inf, ": try lambda=10")
        self.num_classes = num_classes
        self.anchors = nn.Parameter(torch.randn(num_classes, embedding_dim))

    def similarities(self, embeddings: Tensor) -> Tensor:
        """Return the float32 similarity (n, C) of raw embeddings (n, d) to each product."""
        return self.metric(embeddings.float(), self.anchors.float())

    def forward(self, embeddings: Tensor) -> Tensor:
        """Return the logits (n, C) of raw embeddings (n, d)."""
        return self.scale * self.similarities(embeddings)

    @torch.no_grad()
    def initialize_anchors(self, embeddings: Tensor, labels: Tensor) -> None:
        """Set each anchor to the mean direction of its class's raw embeddings (n, d), if the metric is the cosine."""
        if self.metric.name == "cosine":
            means = torch.zeros_like(self.anchors)
            means.index_add_(0, labels.to(means.device), self.metric.normalize(embeddings))
            self.anchors.copy_(self.metric.normalize(means))

    def loss_floor(self) -> float:
        """Return the lowest cross-entropy that the head can reach.

        On the unit sphere C anchors are at best the corners of a regular simplex: similarity 1 to the anchor of
        the right class and -1/(C-1) to every other. An unbounded metric has the floor 0.
        """
        return self._simplex_loss(1.0) if self.metric.name == "cosine" else 0.0

    def _simplex_loss(self, own: float) -> float:
        """Return the cross-entropy at similarity ``own`` to the right class's anchor and -1/(C-1) to the others."""
        if self.num_classes < 2:
            return 0.0
        others = self.num_classes - 1
        return math.log1p(others * math.exp(-self.scale * (own + 1 / others)))
