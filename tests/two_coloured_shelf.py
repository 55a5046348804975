"""A shelf of plain packages that any checkpoint groups."""

from pathlib import Path

import numpy as np
from PIL import Image

BOXES = np.array([[x, y, x + 50, y + 90] for y in (20, 130) for x in range(20, 370, 70)], dtype=np.float64)
PRODUCTS = ["red", "red", "blue", "blue", "blue"] * 2
COLOURS = {"red": (220, 40, 40), "blue": (30, 60, 200)}


def write_two_coloured_shelf(folder: Path) -> Path:
    """Write a picture of plain packages in two colours and its labelled boxes, and return the picture's path."""
    photo = np.full((240, 400, 3), 90, dtype=np.uint8)
    for (x1, y1, x2, y2), product in zip(BOXES.astype(int), PRODUCTS, strict=True):
        photo[y1:y2, x1:x2] = COLOURS[product]
    Image.fromarray(photo).save(folder / "shelf.png")
    rows = [",".join([*map(str, box), name]) for box, name in zip(BOXES, PRODUCTS, strict=True)]
    (folder / "shelf.csv").write_text("\n".join(["x1,y1,x2,y2,label", *rows]))
    return folder / "shelf.png"
