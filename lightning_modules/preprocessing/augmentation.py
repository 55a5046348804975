"""What changes a training crop at random, written as formulas over the whole batch."""

import math

import torch
from torch import Tensor

# The uniform random numbers that change one crop, in the order of the columns.
COLUMNS = ("down", "right", "gain", "light", "area", "aspect", "centre_y", "centre_x", "chosen")


def offsets(uniforms: Tensor, largest: float, height: int, width: int) -> tuple[Tensor, Tensor]:
    """Return by how many pixels each crop moves down and to the right, two of (n,) int64.

    Args:
        uniforms: Uniform numbers in 0..1, (n, 9).
        largest: Largest shift as a fraction of the side.
        height: Of a crop in pixels.
        width: Of a crop in pixels.
    """
    down, right = (largest * length * _signed(uniforms, k) for k, length in (("down", height), ("right", width)))
    return down.round().long(), right.round().long()


def light_change(uniforms: Tensor, means: Tensor, brightness: float, contrast: float) -> tuple[Tensor, Tensor]:
    """Return gain and offset (n,) that change each crop's contrast around its mean (n,), then its brightness."""
    gain = 1 + contrast * _signed(uniforms, "gain")
    light = 1 + brightness * _signed(uniforms, "light")
    return gain * light, means * (1 - gain) * light


def erased_sides(uniforms: Tensor, probability: float, height: int, width: int) -> tuple[Tensor, Tensor]:
    """Return the rows (n, h) and columns (n, w) of the rectangle erased of each crop, as masks.

    A rectangle takes 2-33 % of the area and has an aspect of 0.3-3.3; crops that are not chosen have no row.
    """
    area = 0.02 + 0.31 * _column(uniforms, "area")
    aspect = torch.exp(math.log(3.3) * _signed(uniforms, "aspect"))
    half_height, half_width = (area * aspect).sqrt().clamp(max=1) / 2, (area / aspect).sqrt().clamp(max=1) / 2
    y = torch.linspace(0, 1, height, device=uniforms.device)
    x = torch.linspace(0, 1, width, device=uniforms.device)
    rows = (y - _column(uniforms, "centre_y")[:, None]).abs() <= half_height[:, None]
    columns = (x - _column(uniforms, "centre_x")[:, None]).abs() <= half_width[:, None]
    return rows & (_column(uniforms, "chosen") < probability)[:, None], columns


def shifted(values: Tensor, down: Tensor, right: Tensor) -> Tensor:
    """Move each crop (n, c, h, w) by its own offset; where nothing is left stand the border's pixels."""
    count, _, height, width = values.shape
    device = values.device
    rows = (torch.arange(height, device=device) - down[:, None]).clamp(0, height - 1)
    columns = (torch.arange(width, device=device) - right[:, None]).clamp(0, width - 1)
    crops = torch.arange(count, device=device).view(-1, 1, 1)
    return values.permute(0, 2, 3, 1)[crops, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def relit(values: Tensor, uniforms: Tensor, brightness: float, contrast: float) -> Tensor:
    """Change contrast and brightness of each crop (n, c, h, w), all channels alike, within 0..255."""
    gain, offset = light_change(uniforms, values.mean(dim=(1, 2, 3)), brightness, contrast)
    return (values * gain.view(-1, 1, 1, 1) + offset.view(-1, 1, 1, 1)).clamp(0, 255)


def erased(values: Tensor, uniforms: Tensor, probability: float, fill: Tensor) -> Tensor:
    """Fill a rectangle of the chosen crops (n, c, h, w)."""
    rows, columns = erased_sides(uniforms, probability, *values.shape[-2:])
    mask = (rows[:, :, None] & columns[:, None, :])[:, None]
    return torch.where(mask, fill, values)


def _column(uniforms: Tensor, name: str) -> Tensor:
    return uniforms[:, COLUMNS.index(name)]


def _signed(uniforms: Tensor, name: str) -> Tensor:
    """Return a column as numbers in -1..1."""
    return 2 * _column(uniforms, name) - 1
