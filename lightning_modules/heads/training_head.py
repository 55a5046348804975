"""What all heads share: logits to classify by, and a loss to train on."""

from torch import Tensor, nn
from torch.nn import functional


class TrainingHead(nn.Module):
    """From raw embeddings to one logit per training product, and to the loss of a batch.

    ``forward`` needs no labels and says how the head classifies; ``loss`` is what is minimised, in float32 whatever
    the precision of the embeddings. By default that is cross-entropy on the logits.
    """

    def loss(self, embeddings: Tensor, labels: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the loss of raw embeddings (n, d) with classes (n,), each class weighted by weight (C,) if given."""
        return functional.cross_entropy(self(embeddings).float(), labels, weight=weight)

    def initialize_anchors(self, embeddings: Tensor, labels: Tensor) -> None:
        """Start the class anchors from labelled raw embeddings (n, d); does nothing in a head that has none."""

    def loss_floor(self) -> float:
        """Return the lowest loss that the head can reach; 0 unless the head has a bound of its own."""
        return 0.0


def weighted_mean(values: Tensor, weight: Tensor | None) -> Tensor:
    """Return the mean of values (n,) weighted by weight (n,) if given; 0 of no values, and a gradient of 0."""
    if weight is None:
        return values.sum() / max(len(values), 1)
    return (values * weight).sum() / weight.sum().clamp(min=1e-12)
