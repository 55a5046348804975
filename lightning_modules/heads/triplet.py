"""Triplets: crops of one product nearer to each other than to any other crop of the batch."""

import torch
from torch import Tensor

from lightning_modules.checks import check_choice, check_number
from lightning_modules.heads.miners import MINERS, Miner
from lightning_modules.heads.training_head import TrainingHead, weighted_mean
from lightning_modules.protocols import Metric

# A product's running mean moves by at least this part of the way to the mean of a batch.
SMALLEST_STEP = 0.1


class TripletHead(TrainingHead):
    """Triplet loss without class anchors: relu(margin + distance to a crop of the product - distance to another crop).

    A distance is minus the metric's similarity, so lambda has no meaning. Accuracy is that of the nearest running
    class mean.

    Args:
        embedding_dim: Width d of the embeddings.
        num_classes: Number C of training products.
        metric: Similarity with ``forward(embeddings, others) -> (n, m)``.
        margin: In units of the metric's similarity, above 0.
        mining: Which triplets of the batch count: a name in ``MINERS``, or a function of one's own.

    Raises:
        ValueError: If the margin is not a positive number or the mining is unknown.
    """

    means: Tensor
    visits: Tensor

    def __init__(
        self, embedding_dim: int, num_classes: int, metric: Metric, margin: float, mining: str | Miner
    ) -> None:
        super().__init__()
        hint = ": try head.margin=0.2"
        self.margin = check_number("head.margin", margin, "a positive number", lambda x: 0 < x < torch.inf, hint)
        if isinstance(mining, str):
            check_choice("head.mining", mining, MINERS)
        self.metric = metric
        self.mine = MINERS[mining] if isinstance(mining, str) else mining
        self.register_buffer("means", torch.zeros(num_classes, embedding_dim))
        self.register_buffer("visits", torch.zeros(num_classes))

    def forward(self, embeddings: Tensor) -> Tensor:
        """Return as logits (n, C) the similarity of raw embeddings (n, d) to the running mean of each product."""
        return self.metric(embeddings.float(), self.means.float())

    def loss(self, embeddings: Tensor, labels: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the mean over the mined triplets; 0 if the batch holds no two crops of one product or one product."""
        embeddings = embeddings.float()
        distances = -self.metric(embeddings, embeddings)
        same = labels[:, None] == labels
        own = same & ~torch.eye(len(labels), dtype=torch.bool, device=labels.device)
        gaps, rows = self.mine(distances, own, ~same)
        if self.training:
            self._follow_means(embeddings.detach(), labels)
        return weighted_mean((gaps + self.margin).relu(), None if weight is None else weight[labels[rows]])

    @torch.no_grad()
    def _follow_means(self, embeddings: Tensor, labels: Tensor) -> None:
        for label in labels.unique():
            self.visits[label] += 1
            step = (1 / self.visits[label]).clamp(min=SMALLEST_STEP)
            mean = self.metric.normalize(embeddings[labels == label]).mean(0)
            self.means[label] += step * (mean - self.means[label])
