import math

import numpy as np
import pytest

from analysis.measures.nearest import nearest_neighbour_accuracy


@pytest.mark.parametrize(
    ("angles", "products", "photos", "expected"),
    [
        ([0, 10, 80, 90], "aabb", "1212", 1.0),
        ([0, 10, 80, 90], "abba", "1212", 0.0),
        # The nearest crop is of the same photo and not asked.
        ([0, 1, 60, 85], "abba", "1122", 0.5),
        ([0, 10, 80], "abc", "123", math.nan),
        ([0], "a", "1", math.nan),
        ([], "", "", math.nan),
    ],
)
def test_the_nearest_crop_of_another_photo_counts(angles, products, photos, expected):
    radians = np.radians(np.array(angles, dtype=float))
    rows = 3 * np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)
    found = nearest_neighbour_accuracy(rows, np.array(list(products), dtype=str), np.array(list(photos), dtype=str))
    assert found == pytest.approx(expected, nan_ok=True)


def test_crops_of_unknown_photos_are_photos_of_their_own():
    rows = np.eye(3, dtype=np.float32)[[0, 0, 1, 1]]
    assert nearest_neighbour_accuracy(rows, np.array(list("aabb")), np.array([""] * 4)) == 1
