"""What the heads with a margin share: it makes the anchor of the right class harder to reach while training."""

from torch import Tensor
from torch.nn import functional

from lightning_modules.checks import check_number
from lightning_modules.heads.anchored import AnchoredHead
from lightning_modules.protocols import Metric


class MarginHead(AnchoredHead):
    """An anchored head whose loss asks for more than the right order: the right product must win by a margin.

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

    def __init__(self, embedding_dim: int, num_classes: int, metric: Metric, scale: float, margin: float) -> None:
        super().__init__(embedding_dim, num_classes, metric, scale)
        if metric.name != "cosine":
            raise ValueError(f"head={self.name} works on angles: type metric=cosine instead of metric={metric.name}")
        expected = f"at least 0 and below {self.margin_limit:.4g}"
        self.margin = check_number("head.margin", margin, expected, lambda x: 0 <= x < self.margin_limit)

    def with_margin(self, own: Tensor) -> Tensor:
        """Return the cosines (n, 1) to the right classes' anchors as the loss takes them: lowered by the margin."""
        return own - self.margin

    def loss(self, embeddings: Tensor, labels: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return cross-entropy on lambda times the cosines, those to the right classes' anchors with the margin."""
        cosines = self.similarities(embeddings)
        own = labels[:, None]
        lowered = cosines.scatter(1, own, self.with_margin(cosines.gather(1, own)))
        return functional.cross_entropy(self.scale * lowered, labels, weight=weight)

    def loss_floor(self) -> float:
        """Return the lowest loss: embeddings on their anchors, anchors on a regular simplex, the margin subtracted."""
        return self._simplex_loss(self.with_margin(self.anchors.new_ones(1, 1).float()).item())
