"""Boxes of a made-up shelf photo."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# 10,000 boxes make a photo of 10,000 x 10,000 pixels.
PITCH = 100


def shelf_boxes(num_boxes: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Draw shelves of boxes in runs of one product.

    Args:
        num_boxes: Number n of boxes; the photo is as wide as high.
        seed: Seed of all draws.

    Returns:
        Boxes (n, 4) in pixels, and the cluster of each, shape (n,), -1 for one in twenty.
    """
    generator = np.random.default_rng(seed)
    per_shelf = int(np.ceil(np.sqrt(num_boxes)))
    column, shelf = np.arange(num_boxes) % per_shelf, np.arange(num_boxes) // per_shelf
    width = generator.uniform(0.8, 1.05, num_boxes)
    height = generator.uniform(0.7, 0.95, num_boxes)
    left = column + generator.uniform(0.0, 0.05, num_boxes)
    boxes = PITCH * np.column_stack([left, shelf + 1 - height, left + width, shelf + 1])
    begins_run = (column == 0) | (generator.random(num_boxes) < 0.25)
    products = generator.integers(0, max(num_boxes // 8, 1), num_boxes)[np.cumsum(begins_run) - 1]
    return boxes, np.where(generator.random(num_boxes) < 0.05, -1, products)
