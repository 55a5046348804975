"""Copies of an image: byte for byte, or as similar as an image and its own recompression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from analysis.labels import rows_by_label

BLOCK_ROWS = 1000
# Measured: recompressed at JPEG quality 30, 99 % of crops keep at least this much of their detail and of their colour.
DETAIL = 0.97
COLOUR = 0.98
# Detail is what a blur of so many pixels takes away from a square of 56.
BLUR = 2.0


@dataclass(frozen=True)
class Copies:
    """Which crops repeat others.

    Attributes:
        identical: Sets of rows of byte-identical images, each of at least two.
        near: Pairs of rows (m, 2) that are near-copies and not byte-identical; one row stands for all its copies.
        similarity: Correlation of the detail of each near pair (m,).
    """

    identical: list[NDArray[np.int64]]
    near: NDArray[np.int64]
    similarity: NDArray[np.float64]


def find_copies(
    pictures: NDArray[np.uint8], contents: NDArray[np.str_], advance: Callable[[], object] = lambda: None
) -> Copies:
    """Find copies and near-copies, in any class and photo; mirrored, turned or shifted ones are not looked for.

    Args:
        pictures: The crops as squares of at least 56 pixels (n, s, s, 3).
        contents: Digest of each image (n,).
        advance: Called after each block of crops.
    """
    same = sorted(rows_by_label(contents), key=lambda rows: int(rows[0]))
    identical = [rows for rows in same if len(rows) > 1]
    pairs, similarity = _near_pairs(pictures, np.array([rows[0] for rows in same], dtype=np.int64), advance)
    return Copies(identical, pairs, similarity)


def _near_pairs(
    pictures: NDArray[np.uint8], rows: NDArray[np.int64], advance: Callable[[], object]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    detail = np.concatenate([_detail(pictures[block]) for block in _blocks(rows)])
    colour = np.concatenate([_colour(pictures[block]) for block in _blocks(rows)])
    pairs, similarity = [np.zeros((0, 2), dtype=np.int64)], [np.zeros(0)]
    for start in range(0, len(rows), BLOCK_ROWS):
        fine = detail[start : start + BLOCK_ROWS] @ detail.T
        left, right = np.nonzero(fine >= DETAIL)
        later = right > left + start
        left, right = left[later], right[later]
        same = (colour[left + start] * colour[right]).sum(axis=1) >= COLOUR
        pairs.append(np.column_stack([rows[left[same] + start], rows[right[same]]]))
        similarity.append(fine[left[same], right[same]].astype(np.float64))
        advance()
    return np.concatenate(pairs), np.concatenate(similarity)


def _blocks(rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return [rows[start : start + BLOCK_ROWS] for start in range(0, len(rows), BLOCK_ROWS)]


def _detail(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    gray = shrunk(pictures, 56).mean(axis=3)
    return _unit(gray - gaussian_filter(gray, (0, BLUR, BLUR)))


def _colour(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    return _unit(shrunk(pictures, 14))


def shrunk(pictures: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
    """Return squares of the given side (n, side, side, 3), each pixel the mean of a block; the rest at the edge falls.

    Raises:
        ValueError: If the pictures are smaller.
    """
    block = pictures.shape[1] // side
    if block < 1:
        raise ValueError(f"copies are looked for in squares of at least {side} pixels, got {pictures.shape[1]}")
    kept = pictures[:, : side * block, : side * block].astype(np.float32)
    return np.asarray(kept.reshape(len(kept), side, block, side, block, 3).mean(axis=(2, 4)))


def _unit(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return flat rows of mean 0 and length 1, so that products of rows are correlations; plain rows become 0."""
    flat = values.reshape(len(values), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.asarray(np.divide(flat, length, out=np.zeros_like(flat), where=length > 1e-3))
