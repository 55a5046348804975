"""Made-up shelf photos: their boxes, and pictures of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

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


def write_photos(folder: str, num_photos: int, num_boxes: int, seed: int) -> None:
    """Write photos of packages with a few coloured fields each, and their boxes beside them.

    Args:
        folder: Where the files go.
        num_photos: How many photos.
        num_boxes: Boxes of each.
        seed: Seed of the first; each has its own.
    """
    for number in range(num_photos):
        generator = np.random.default_rng(seed + number)
        boxes, _ = shelf_boxes(num_boxes, seed + number)
        photo = Image.new("RGB", tuple(np.ceil(boxes[:, 2:].max(axis=0)).astype(int).tolist()), "dimgrey")
        for x1, y1, x2, y2 in boxes.astype(int).tolist():
            fields = Image.fromarray(generator.integers(0, 256, (8, 4, 3), dtype=np.uint8))
            photo.paste(fields.resize((x2 - x1, y2 - y1), Image.Resampling.BICUBIC), (x1, y1))
        photo.save(Path(folder) / f"{number}.jpg", quality=90)
        corners = {str(row): dict(zip(("x1", "y1", "x2", "y2"), box, strict=True)) for row, box in enumerate(boxes)}
        (Path(folder) / f"{number}.json").write_text(json.dumps(corners))
