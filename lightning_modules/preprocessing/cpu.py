"""Preprocessing on a CPU: conversion, augmentation and normalisation while a few crops are in its cache.

A batch of 100 crops of 224 x 224 pixels takes 60 MB as floats. Each formula of the plain way reads and writes all of
it, which costs more than the small network itself.
"""

import torch
from torch import Tensor

from lightning_modules.preprocessing.augmentation import erased_sides, light_change, offsets

# Crops at a time: small enough for the cache, large enough that calls do not count.
GROUP = 4


def fused_preprocessing(
    images: Tensor,
    mean: Tensor,
    std: Tensor,
    uniforms: Tensor | None,
    *,
    brightness: float = 0.0,
    contrast: float = 0.0,
    shift: float = 0.0,
    random_erasing: float = 0.0,
    dtype: torch.dtype = torch.float32,
) -> Tensor:
    """Return input (n, c, h, w), channels last in memory, of crops (n, c, h, w) of any dtype.

    Args:
        images: Crops, values 0..255.
        mean: Of each channel, any shape of c numbers.
        std: Deviation of each channel.
        uniforms: Uniform numbers for the augmentation (n, 9), or None for none.
        brightness: Of the augmentation, as the three that follow: see ``BatchPreprocessing``.
        contrast: Differences from the crop's mean.
        shift: Largest shift as a fraction of the side.
        random_erasing: Probability of an erased rectangle.
        dtype: Of the input, which is computed in float32 and rounded.
    """
    source = images.permute(0, 2, 3, 1).contiguous()
    count, height, width, channels = source.shape
    result = torch.empty(source.shape, dtype=dtype)
    # The result itself where nothing is to be rounded, so that nothing is copied.
    scratch = None if dtype == torch.float32 else torch.empty((GROUP, height, width, channels))
    # One row of pixels as one vector: broadcasting over three channels alone cannot use the wide registers of a CPU.
    gain = (1 / std).flatten().repeat(width)
    offset = (-mean / std).flatten().repeat(width)
    moves = offsets(uniforms, shift, height, width) if uniforms is not None and shift else None
    for start in range(0, count, GROUP):
        target = result[start : start + GROUP]
        crops = target if scratch is None else scratch[: len(target)]
        if moves is None:
            crops.copy_(source[start : start + GROUP])
        else:
            for index, crop in enumerate(crops, start):
                _move(source[index], crop, int(moves[0][index]), int(moves[1][index]))
        if uniforms is not None and (brightness or contrast):
            _relight(crops.flatten(1), uniforms[start : start + GROUP], brightness, contrast)
        rows = crops.view(-1, width * channels)
        torch.addcmul(offset, rows, gain, out=rows)
        if scratch is not None:
            target.copy_(crops)
    if uniforms is not None and random_erasing:
        _erase(result, uniforms, random_erasing)
    return result.permute(0, 3, 1, 2)


def _move(source: Tensor, target: Tensor, down: int, right: int) -> None:
    """Write a crop (h, w, c) moved down and to the right, its border repeated where nothing is left."""
    height, width, _ = source.shape
    top, bottom = max(down, 0), height + min(down, 0)
    left, end = max(right, 0), width + min(right, 0)
    target[top:bottom, left:end] = source[top - down : bottom - down, left - right : end - right]
    if left:
        target[top:bottom, :left] = target[top:bottom, left : left + 1]
    if end < width:
        target[top:bottom, end:] = target[top:bottom, end - 1 : end]
    if top:
        target[:top] = target[top]
    if bottom < height:
        target[bottom:] = target[bottom - 1]


def _relight(crops: Tensor, uniforms: Tensor, brightness: float, contrast: float) -> None:
    gain, offset = light_change(uniforms, crops.mean(1), brightness, contrast)
    # Two calls, for addcmul is three times slower than both where it broadcasts along the last dimension.
    crops.mul_(gain[:, None]).add_(offset[:, None]).clamp_(0, 255)


def _erase(result: Tensor, uniforms: Tensor, probability: float) -> None:
    """Set a rectangle of the chosen crops (n, h, w, c) to 0, which is the mean colour after normalisation."""
    rows, columns = erased_sides(uniforms, probability, result.shape[1], result.shape[2])
    # A rectangle that lies between two pixels has no column.
    for index in (rows.any(1) & columns.any(1)).nonzero().flatten().tolist():
        (top, bottom), (left, right) = _ends(rows[index]), _ends(columns[index])
        result[index, top:bottom, left:right] = 0


def _ends(mask: Tensor) -> tuple[int, int]:
    places = mask.nonzero()
    return int(places[0]), int(places[-1]) + 1
