"""Sub-centre ArcFace: several anchors per product, of which the nearest counts."""

import torch
from torch import Tensor, nn

from lightning_modules.checks import check_whole_number
from lightning_modules.heads.arcface import ArcFaceHead
from lightning_modules.protocols import Metric


class SubCentreArcFaceHead(ArcFaceHead):
    """Sub-centre ArcFace of Deng et al. (2020), for classes that hold more than one thing.

    A crop need only be near one of its product's anchors: a mixed class, or one with wrong labels, may split instead
    of being pulled into one point. With fewer sub-centres than needed, the most frequent appearances take them.

    Args:
        embedding_dim: Width d of the embeddings.
        num_classes: Number C of training products.
        metric: The cosine metric.
        scale: lambda, above 0.
        margin: Angle in radians within 0..pi/2.
        sub_centres: Anchors K per product, at least 1; 1 is plain ArcFace, the paper takes 3.

    Raises:
        ValueError: If the metric is not the cosine or an option is out of its range.
    """

    name = "subcentre_arcface"

    def __init__(
        self, embedding_dim: int, num_classes: int, metric: Metric, scale: float, margin: float, sub_centres: int
    ) -> None:
        super().__init__(embedding_dim, num_classes, metric, scale, margin)
        check_whole_number("head.sub_centres", sub_centres, "a whole number of at least 1", lambda x: x >= 1)
        self.anchors = nn.Parameter(torch.randn(num_classes * sub_centres, embedding_dim))

    def initialize_anchors(self, embeddings: Tensor, labels: Tensor) -> None:
        """Leave the anchors: several at one mean would never part."""

    def similarities(self, embeddings: Tensor) -> Tensor:
        """Return the float32 cosine (n, C) of raw embeddings (n, d) to the nearest anchor of each product."""
        return super().similarities(embeddings).unflatten(1, (self.num_classes, -1)).amax(2)
