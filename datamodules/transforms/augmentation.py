"""What changes a training crop at random, written as formulas over the whole batch."""

import math

import torch
from torch import Tensor

# Uniform numbers that one crop's changes are made of, in the order of the columns.
DRAWS = ("down", "right", "gain", "light", "area", "aspect", "centre_y", "centre_x", "chosen")


def offsets(draws: Tensor, largest: float, height: int, width: int) -> tuple[Tensor, Tensor]:
    """Returns by how many pixels each crop moves down and to the right, two of (n,) int64.

    Args:
        draws: Uniform numbers in 0..1, (n, 9).
        largest: Largest shift as a fraction of the side.
        height: Of a crop in pixels.
        width: Of a crop in pixels.
    """
    down, right = (largest * length * _signed(draws, k) for k, length in (("down", height), ("right", width)))
    return down.round().long(), right.round().long()


def light_change(draws: Tensor, means: Tensor, brightness: float, contrast: float) -> tuple[Tensor, Tensor]:
    """Returns gain and offset (n,) that change each crop's contrast around its mean (n,), then its brightness."""
    gain = 1 + contrast * _signed(draws, "gain")
    light = 1 + brightness * _signed(draws, "light")
    return gain * light, means * (1 - gain) * light


def erased_sides(draws: Tensor, probability: float, height: int, width: int) -> tuple[Tensor, Tensor]:
    """Returns the rows (n, h) and columns (n, w) of the rectangle erased of each crop, as masks.

    A rectangle takes 2-33 % of the area and has an aspect of 0.3-3.3; crops that are not chosen have no row.
    """
    area = 0.02 + 0.31 * _column(draws, "area")
    aspect = torch.exp(math.log(3.3) * _signed(draws, "aspect"))
    half_height, half_width = (area * aspect).sqrt().clamp(max=1) / 2, (area / aspect).sqrt().clamp(max=1) / 2
    y = torch.linspace(0, 1, height, device=draws.device)
    x = torch.linspace(0, 1, width, device=draws.device)
    rows = (y - _column(draws, "centre_y")[:, None]).abs() <= half_height[:, None]
    columns = (x - _column(draws, "centre_x")[:, None]).abs() <= half_width[:, None]
    return rows & (_column(draws, "chosen") < probability)[:, None], columns


def shifted(values: Tensor, down: Tensor, right: Tensor) -> Tensor:
    """Moves each crop (n, c, h, w) by its own offset; where nothing is left stand the border's pixels."""
    count, _, height, width = values.shape
    device = values.device
    rows = (torch.arange(height, device=device) - down[:, None]).clamp(0, height - 1)
    columns = (torch.arange(width, device=device) - right[:, None]).clamp(0, width - 1)
    crops = torch.arange(count, device=device).view(-1, 1, 1)
    return values.permute(0, 2, 3, 1)[crops, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def relit(values: Tensor, draws: Tensor, brightness: float, contrast: float) -> Tensor:
    """Changes contrast and brightness of each crop (n, c, h, w), all channels alike, within 0..255."""
    gain, offset = light_change(draws, values.mean(dim=(1, 2, 3)), brightness, contrast)
    return (values * gain.view(-1, 1, 1, 1) + offset.view(-1, 1, 1, 1)).clamp(0, 255)


def erased(values: Tensor, draws: Tensor, probability: float, fill: Tensor) -> Tensor:
    """Fills a rectangle of the chosen crops (n, c, h, w)."""
    rows, columns = erased_sides(draws, probability, *values.shape[-2:])
    mask = (rows[:, :, None] & columns[:, None, :])[:, None]
    return torch.where(mask, fill, values)


def _column(draws: Tensor, name: str) -> Tensor:
    return draws[:, DRAWS.index(name)]


def _signed(draws: Tensor, name: str) -> Tensor:
    """Returns a column as numbers in -1..1."""
    return 2 * _column(draws, name) - 1
