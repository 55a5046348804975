"""Sub-centre ArcFace: several anchors per product, of which the nearest counts."""

import torch
from torch import Tensor, nn

from lightning_modules.heads.arcface import ArcFaceHead


class SubCentreArcFaceHead(ArcFaceHead):
    """Sub-centre ArcFace of Deng et al. (2020), for classes that hold more than one thing.

    A crop need only be near one of its product's anchors: a mixed class, or one with wrong labels, may split instead
    of being pulled into one point. Fewer sub-centres than needed are filled by the most frequent looks.

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
        self, embedding_dim: int, num_classes: int, metric: nn.Module, scale: float, margin: float, sub_centres: int
    ) -> None:
        super().__init__(embedding_dim, num_classes, metric, scale, margin)
        if not isinstance(sub_centres, int) or isinstance(sub_centres, bool) or sub_centres < 1:
            raise ValueError(f"head.sub_centres must be a whole number of at least 1, got {sub_centres!r}")
        self.anchors = nn.Parameter(torch.randn(num_classes * sub_centres, embedding_dim))

    def similarities(self, embeddings: Tensor) -> Tensor:
        """Returns the float32 cosine (n, C) of raw embeddings (n, d) to the nearest anchor of each product."""
        return super().similarities(embeddings).unflatten(1, (self.num_classes, -1)).amax(2)
