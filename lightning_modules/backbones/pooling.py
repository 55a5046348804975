"""From the maps of the convolutional layers to one row of numbers per crop."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from lightning_modules.backbones.colours import hue_histogram
from lightning_modules.checks import check_choice

POOLINGS = ("grid", "levels")
COLOUR_BINS = (8, 4, 4)


class GridPool(nn.Module):
    """Adaptive average pooling: averages the last map over the cells of a grid, what is where, as AlexNet does it.

    Args:
        channels: Channels of every convolutional layer; the last one counts.
        pool_size: The grid is pool_size x pool_size.
    """

    takes_levels = False
    num_colours = 0

    def __init__(self, channels: Sequence[int], pool_size: int) -> None:
        super().__init__()
        if pool_size < 1:
            raise ValueError(f"backbone.pool_size must be at least 1, got {pool_size}")
        self.pool = nn.AdaptiveAvgPool2d(pool_size)
        self.out_features = channels[-1] * pool_size**2

    def forward(self, images: Tensor, levels: list[Tensor], last: Tensor) -> Tensor:
        """Return (n, c * pool_size^2) of the last map (n, c, h, w)."""
        return self.pool(last).flatten(1)


class LevelPool(nn.Module):
    """Multi-layer global average pooling: averages the map of every layer over the crop, and adds its colours.

    It keeps what is there, wherever it is: boxes of one product are never cut out alike, so that averages over the crop
    compare better than cells. The early layers, which see colour and texture, distinguish packages as well as the late
    ones. Each layer's part has unit length.

    Args:
        channels: Channels of every layer.
        lengths: Length of every layer's part instead of 1.
    """

    takes_levels = True
    # The last of what comes out.
    num_colours = math.prod(COLOUR_BINS)

    def __init__(self, channels: Sequence[int], lengths: Sequence[float] | None = None) -> None:
        super().__init__()
        self.out_features = sum(channels) + self.num_colours
        self.lengths = list(lengths) if lengths is not None else [1.0] * len(channels)

    def forward(self, images: Tensor, levels: list[Tensor], last: Tensor) -> Tensor:
        """Return (n, f) float32 of normalised images (n, 3, s, s) and the maps of all layers, each (n, c, h, w)."""
        means = [functional.normalize(level.float().mean((2, 3))) for level in levels]
        means = [mean if length == 1 else length * mean for mean, length in zip(means, self.lengths, strict=True)]
        return torch.cat([*means, hue_histogram(images, COLOUR_BINS)], dim=1)


def build_pooling(pooling: str, channels: Sequence[int], pool_size: int) -> GridPool | LevelPool:
    """Return the pooling of that name.

    Raises:
        ValueError: If the name is unknown or the grid has no cell.
    """
    check_choice("backbone.pooling", pooling, POOLINGS)
    return GridPool(channels, pool_size) if pooling == "grid" else LevelPool(channels)
