"""A store of two photos of plain packages, and reviews of them."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from analysis.review.answers import Answer
from analysis.review.review import Review, ReviewedPhoto

SIZE = (400, 240)
COLOURS = [(220, 40, 40), (30, 60, 200), (40, 160, 60)]
# Two rows of five packages, two pixels of frame in a second colour.
BOXES = [
    [20 + number % 5 * 70, 20 + number // 5 * 110, 70 + number % 5 * 70, 110 + number // 5 * 110]
    for number in range(10)
]
PRODUCTS = [0, 0, 1, 1, 2] * 2


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """A folder with the photos a.png and b.png and their boxes."""
    folder = tmp_path_factory.mktemp("store")
    for shade, name in ((90, "a"), (100, "b")):
        photo = np.full((*SIZE[::-1], 3), shade, dtype=np.uint8)
        for (x1, y1, x2, y2), product in zip(BOXES, PRODUCTS, strict=True):
            photo[y1:y2, x1:x2] = COLOURS[product]
        Image.fromarray(photo).save(folder / f"{name}.png")
        boxes = {
            f"item{number}": dict(zip(("x1", "y1", "x2", "y2"), box, strict=True)) for number, box in enumerate(BOXES)
        }
        (folder / f"{name}.json").write_text(json.dumps(boxes))
    return folder


@pytest.fixture
def save(store, tmp_path):
    """Write a review of some of the photos, and return its file."""

    def saved(*answers: Answer, photos="a", boxes=BOXES, across=False, name="review.json") -> Path:
        reviewed = tuple(ReviewedPhoto.of(store / f"{photo}.png", SIZE, boxes) for photo in photos)
        path = tmp_path / "reviews" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(Review(reviewed, answers, across).to_json())
        return path

    return saved
