"""Triplets: crops of one product nearer to each other than to any other crop of the batch."""

import torch
from torch import Tensor, nn

from lightning_modules.heads.training_head import TrainingHead, weighted_mean

MINING = ("batch_hard", "semi_hard")
# A product's mean follows its latest batches by this share at least.
SMALLEST_STEP = 0.1


class TripletHead(TrainingHead):
    """Triplet loss without anchors: relu(margin + distance to own - distance to other crop), mined in the batch.

    "batch_hard" (Hermans et al., In Defense of the Triplet Loss, 2017) takes for each crop the farthest of its own
    product and the nearest of the others. "semi_hard" (Schroff et al., FaceNet, 2015) takes for each pair of one
    product the nearest other crop that is farther than the pair, else the farthest other crop. A distance is minus the
    metric's similarity, so lambda has no meaning. Accuracy is that of the nearest running class mean.

    Args:
        embedding_dim: Width d of the embeddings.
        num_classes: Number C of training products.
        metric: Similarity with ``forward(embeddings, others) -> (n, m)``.
        margin: In units of the metric's similarity, above 0.
        mining: "batch_hard" or "semi_hard".

    Raises:
        ValueError: If the margin is not a positive number or the mining is unknown.
    """

    means: Tensor
    visits: Tensor

    def __init__(self, embedding_dim: int, num_classes: int, metric: nn.Module, margin: float, mining: str) -> None:
        super().__init__()
        if isinstance(margin, bool) or not isinstance(margin, int | float) or not 0 < margin < torch.inf:
            raise ValueError(f"head.margin must be a positive number, got {margin!r}: try head.margin=0.2")
        if mining not in MINING:
            raise ValueError(f"head.mining must be one of {', '.join(MINING)}, got {mining!r}")
        self.metric = metric
        self.margin = float(margin)
        self.mining = mining
        self.register_buffer("means", torch.zeros(num_classes, embedding_dim))
        self.register_buffer("visits", torch.zeros(num_classes))

    def forward(self, embeddings: Tensor) -> Tensor:
        """Returns as logits (n, C) the similarity of raw embeddings (n, d) to the running mean of each product."""
        return self.metric(embeddings.float(), self.means.float())

    def loss(self, embeddings: Tensor, labels: Tensor, weight: Tensor | None = None) -> Tensor:
        """Returns the mean over the mined triplets; 0 if the batch holds no two crops of one product or one product."""
        embeddings = embeddings.float()
        distances = -self.metric(embeddings, embeddings)
        same = labels[:, None] == labels
        own = same & ~torch.eye(len(labels), dtype=torch.bool, device=labels.device)
        mined = _batch_hard if self.mining == "batch_hard" else _semi_hard
        gaps, rows = mined(distances, own, ~same)
        if self.training:
            self._follow_means(embeddings.detach(), labels)
        return weighted_mean((gaps + self.margin).relu(), None if weight is None else weight[labels[rows]])

    @torch.no_grad()
    def _follow_means(self, embeddings: Tensor, labels: Tensor) -> None:
        for label in labels.unique():
            self.visits[label] += 1
            step = (1 / self.visits[label]).clamp(min=SMALLEST_STEP)
            mean = self.metric.prepare(embeddings[labels == label]).mean(0)
            self.means[label] += step * (mean - self.means[label])


def _batch_hard(distances: Tensor, own: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Returns per crop with both kinds of partners: farthest own minus nearest other distance, and the crop's row."""
    rows = (own.any(1) & other.any(1)).nonzero().squeeze(1)
    farthest = distances.masked_fill(~own, -torch.inf)[rows].amax(1)
    nearest = distances.masked_fill(~other, torch.inf)[rows].amin(1)
    return farthest - nearest, rows


def _semi_hard(distances: Tensor, own: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Returns per pair of one product: its distance minus that to the chosen other crop, and the first crop's row."""
    rows, partners = (own & other.any(1)[:, None]).nonzero(as_tuple=True)
    pair = distances[rows, partners]
    candidates, allowed = distances[rows], other[rows]
    farther = allowed & (candidates > pair[:, None])
    nearest_farther = candidates.masked_fill(~farther, torch.inf).argmin(1)
    farthest = candidates.masked_fill(~allowed, -torch.inf).argmax(1)
    chosen = torch.where(farther.any(1), nearest_farther, farthest)
    return pair - distances[rows, chosen], rows
