"""The size of a box as evidence: a can, a bottle and a pack of six bear the same label."""

import torch
from torch import Tensor

# An angle for a size: boxes of which one is 1.6 times as wide stand a radian apart.
RADIANS_PER_LOG = 2.0


def with_box_size(unit: Tensor, sizes: Tensor, weight: float) -> Tensor:
    """Append width and height to embeddings, so that their cosine is a weighted mean of three.

    Width and height are a point on a circle each, at an angle in proportion to the logarithm of the size. The cosine of
    two points depends on the ratio of the sizes alone, is 1 for the same size, and hardly falls for what a detector is
    off by. Boxes one of which is 23 times the other would be alike again.

    Args:
        unit: Embeddings at unit length (n, d).
        sizes: Logarithms of width and height (n, 2), in any unit.
        weight: Of width and of height each, where the embedding has weight 1; at least 0.

    Returns:
        Embeddings at unit length (n, d + 4); the cosine of two is
        (cosine of the embeddings + weight * (cosine of the widths + cosine of the heights)) / (1 + 2 * weight).
    """
    angles = RADIANS_PER_LOG * sizes.to(unit.dtype)
    points = weight**0.5 * torch.cat([angles.cos(), angles.sin()], dim=1)
    return torch.cat([unit, points], dim=1) / (1 + 2 * weight) ** 0.5
