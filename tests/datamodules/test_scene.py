from pathlib import Path

import numpy as np
import pytest

from datamodules.scene import Scene

BOXES = np.array([[0, 0, 10, 20], [10, 0, 20, 20]], dtype=np.float32)
PHOTO = Path("shelf.jpg")


def test_crops_of_a_photo_carry_boxes_and_unknown_labels():
    table = Scene("shelf", ("a", "b"), photo=PHOTO, boxes=BOXES).crops()
    assert table.files.tolist() == ["shelf.jpg"] * 2
    assert table.labels.tolist() == [-1, -1]
    assert table.boxes.tolist() == BOXES.tolist()


def test_crops_without_positions_are_whole_pictures():
    scene = Scene("s", ("a", "b"), files=(Path("1.jpg"), Path("2.jpg")), labels=np.array([3, 4]))
    assert np.isnan(scene.crops().boxes).all()
    assert scene.crops().labels.tolist() == [3, 4]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"photo": PHOTO, "boxes": BOXES[:1]}, "2 ids but 1 boxes"),
        ({"photo": PHOTO, "boxes": BOXES, "labels": np.zeros(3)}, "2 ids but 3 labels"),
        ({"photo": PHOTO}, "either a photo with boxes or the files"),
        ({}, "either a photo with boxes or the files"),
        ({"photo": PHOTO, "boxes": BOXES * [1, 1, 0, 1]}, "have no area; the first is 'a'"),
        ({"photo": PHOTO, "boxes": BOXES * np.nan}, "have no area"),
        ({"photo": PHOTO, "boxes": BOXES[:, :3]}, "shape"),
    ],
)
def test_mistakes_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        Scene("shelf", ("a", "b"), **options)


def test_duplicate_ids_are_named():
    with pytest.raises(ValueError, match="the id 'a' more than once"):
        Scene("shelf", ("a", "a"), photo=PHOTO, boxes=BOXES)
