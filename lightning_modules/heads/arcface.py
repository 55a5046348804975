"""ArcFace: the margin is added to the angle."""

import math

import torch
from torch import Tensor

from lightning_modules.heads.margin import MarginHead

# Smallest squared sine under the root: its slope stays finite where embedding and anchor coincide.
SMALLEST = 1e-7


class ArcFaceHead(MarginHead):
    """Additive angular margin loss of Deng et al., ArcFace (2019): cos(theta + margin) for the right product.

    The margin is an angle in radians within 0..pi/2; the paper takes 0.5. Beyond theta = pi - margin the cosine would
    rise again, so there margin * sin(margin) is subtracted from it, as the authors do. Arguments: see
    :class:`MarginHead`.
    """

    name = "arcface"
    margin_limit = math.pi / 2

    def with_margin(self, own: Tensor) -> Tensor:
        """Return the cosines of the angles plus the margin."""
        sine = (1 - own.square()).clamp(min=SMALLEST).sqrt()
        turned = own * math.cos(self.margin) - sine * math.sin(self.margin)
        return torch.where(own > -math.cos(self.margin), turned, own - self.margin * math.sin(self.margin))
