"""The plain linear classifier: the baseline without an explicit metric."""

from torch import Tensor, nn

from lightning_modules.heads.training_head import TrainingHead
from lightning_modules.protocols import Metric


class LinearHead(TrainingHead):
    """A linear layer on the raw embedding; the metric serves the clustering alone.

    Args:
        embedding_dim: Width d of the embeddings.
        num_classes: Number C of training products.
        metric: Metric in which the embeddings are clustered.
    """

    def __init__(self, embedding_dim: int, num_classes: int, metric: Metric) -> None:
        super().__init__()
        self.metric = metric
        self.classifier = nn.Linear(embedding_dim, num_classes)

    def forward(self, embeddings: Tensor) -> Tensor:
        """Return the logits (n, C) of raw embeddings (n, d)."""
        return self.classifier(embeddings)
