"""What the heads with a margin share: it makes the own anchor harder to reach while training."""

from torch import Tensor, nn
from torch.nn import functional

from lightning_modules.heads.anchored import AnchoredHead


class MarginHead(AnchoredHead):
    """An anchored head whose loss asks for more than the right order: the own product must win by a margin.

    The margin is part of the loss alone; the logits, and so accuracy and confusion, are those of the cosine head.
    With margin 0 the loss is that head's too.

    Args:
        embedding_dim: Width d of the embeddings.
        num_classes: Number C of training products.
        metric: The cosine metric.
        scale: lambda, above 0.
        margin: At least 0 and below the class's ``margin_limit``, in its unit.

    Raises:
        ValueError: If the metric is not the cosine or an option is out of its range.
    """

    name: str
    # Exclusive, in the unit of the margin.
    margin_limit = 1.0

    def __init__(self, embedding_dim: int, num_classes: int, metric: nn.Module, scale: float, margin: float) -> None:
        super().__init__(embedding_dim, num_classes, metric, scale)
        if metric.name != "cosine":
            raise ValueError(f"head={self.name} works on angles: type metric=cosine instead of metric={metric.name}")
        valid = isinstance(margin, int | float) and not isinstance(margin, bool)
        if not valid or not 0 <= margin < self.margin_limit:
            raise ValueError(f"head.margin must be at least 0 and below {self.margin_limit:.4g}, got {margin!r}")
        self.margin = float(margin)

    def with_margin(self, own: Tensor) -> Tensor:
        """Returns the cosines (n, 1) to the own anchors as the loss takes them: lowered by the margin."""
        return own - self.margin

    def loss(self, embeddings: Tensor, labels: Tensor, weight: Tensor | None = None) -> Tensor:
        """Returns cross-entropy on lambda times the cosines, those to the own anchors lowered by the margin."""
        cosines = self.similarities(embeddings)
        own = labels[:, None]
        lowered = cosines.scatter(1, own, self.with_margin(cosines.gather(1, own)))
        return functional.cross_entropy(self.scale * lowered, labels, weight=weight)

    def loss_floor(self) -> float:
        """Returns the lowest loss: embeddings on their anchors, anchors on a regular simplex, the margin deducted."""
        return self._simplex_loss(self.with_margin(self.anchors.new_ones(1, 1).float()).item())
