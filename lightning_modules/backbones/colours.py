"""Colour histograms of normalised crops."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from lightning_modules.preprocessing import imagenet


def hue_histogram(images: Tensor, bins: Sequence[int]) -> Tensor:
    """Return joint histograms of hue, saturation and value (n, h * s * v), at unit length.

    The root of the frequencies makes the dot product of two of them the Bhattacharyya coefficient.

    Args:
        images: Normalised crops (n, 3, height, width).
        bins: Number of bins for hue, saturation and value.

    References:
        Swain and Ballard, Color indexing, 1991.
    """
    hue, saturation, value = _hue_saturation_value(images.detach().float())
    return joint_histogram((hue, saturation, value), bins)


def joint_histogram(channels: Sequence[Tensor], bins: Sequence[int]) -> Tensor:
    """Return the roots of the frequencies of all combinations of bins (n, product of the bins).

    Args:
        channels: Values of one channel each (n, height, width); those outside of 0..1 go to the first or last bin.
        bins: Number of bins of each channel.
    """
    place = torch.zeros_like(channels[0], dtype=torch.int32)
    for channel, count in zip(channels, bins, strict=True):
        place = place * count + (channel * count).int().clamp_(0, count - 1)
    flat = place.flatten(1).long()
    # Not len(flat): that is a number, and an exported graph would take batches of that many crops alone.
    counts = torch.zeros(flat.shape[0], math.prod(bins), device=flat.device)
    counts.scatter_add_(1, flat, torch.ones_like(flat, dtype=counts.dtype))
    return (counts / flat.shape[1]).sqrt()


def _hue_saturation_value(images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the three channels (n, height, width), each 0..1; the hue of grey is 0."""
    # Back to the pixels in 0..1 that were normalised.
    # One channel after the other in memory: crops come with their channels last, which reads each pixel three times.
    channels = zip(images.contiguous().unbind(1), imagenet.MEAN, imagenet.STD, strict=True)
    red, green, blue = ((channel * deviation + mean).clamp_(0, 1) for channel, mean, deviation in channels)
    value = torch.maximum(torch.maximum(red, green), blue)
    spread = value - torch.minimum(torch.minimum(red, green), blue)
    step = spread.clamp(min=1e-6)
    near_red = (green - blue) / step
    # Not a remainder by 6, which is slow.
    near_red = torch.where(near_red < 0, near_red + 6, near_red)
    near_green, near_blue = (blue - red) / step + 2, (red - green) / step + 4
    hue = torch.where(value == red, near_red, torch.where(value == green, near_green, near_blue)) / 6
    return torch.where(spread < 1e-6, 0, hue), spread / value.clamp(min=1e-6), value
