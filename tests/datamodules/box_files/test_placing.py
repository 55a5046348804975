"""Boxes held against their photo: turned with it, clipped to it, refused outside of it."""

import json

import numpy as np
import pytest
from PIL import Image

from datamodules.box_files import read_scene
from datamodules.pictures import read_picture

ORIENTATION_TAG = 0x0112
SIZE = (60, 40)
# Of odd sides, so that no turn of the box is the box.
BOX = (5, 9, 24, 16)


def save_turned(path, orientation):
    """Save a picture that is 60 x 40 as stored, white within BOX, and lies as its orientation says."""
    pixels = np.zeros((SIZE[1], SIZE[0]), dtype=np.uint8)
    pixels[BOX[1] : BOX[3], BOX[0] : BOX[2]] = 255
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    # In colour: Pillow 13 itself scrambles an uncompressed gray TIFF that lies on its side.
    Image.fromarray(pixels).convert("RGB").save(path, exif=exif)
    return path


def white_part(path):
    rows, columns = np.nonzero(np.asarray(read_picture(path))[:, :, 0] > 128)
    return [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


def coco_of(size):
    x1, y1, x2, y2 = BOX
    image = {"id": 1, "file_name": "shelf.png", "width": size[0], "height": size[1]}
    return {"images": [image], "annotations": [{"image_id": 1, "bbox": [x1, y1, x2 - x1, y2 - y1]}]}


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_boxes_of_the_photo_on_its_side_turn_with_it(tmp_path, voc, write, orientation, suffix):
    photo = save_turned(tmp_path / f"shelf{suffix}", orientation)
    x1, y1, x2, y2 = BOX
    files = [
        write(json.dumps(coco_of(SIZE)).replace("shelf.png", photo.name), "coco"),
        write(voc(("tea", (x1 + 1, y1 + 1, x2, y2)), size=SIZE), "voc"),
        write(f"{photo.name},{x1},{y1},{x2},{y2},object,60,40\n", "sku"),
        write(f"file,width,height,x1,y1,x2,y2\n{photo.name},60,40,{x1},{y1},{x2},{y2}\n", "table"),
    ]
    for file in files:
        assert read_scene(photo, file).boxes.tolist() == [white_part(photo)], file.name


@pytest.mark.parametrize("orientation", [1, 2, 3, 4, 5, 6, 7, 8])
def test_other_boxes_are_of_the_photo_after_exif(tmp_path, voc, write, orientation):
    photo = save_turned(tmp_path / "shelf.png", orientation)
    seen = read_picture(photo).size
    x1, y1, x2, y2 = BOX
    cx, cy, w, h = (x1 + x2) / 2 / seen[0], (y1 + y2) / 2 / seen[1], (x2 - x1) / seen[0], (y2 - y1) / seen[1]
    files = [
        write({"a": dict(zip(("x1", "y1", "x2", "y2"), BOX, strict=True))}, "report"),
        write(coco_of(seen), "coco"),
        write(voc(("tea", (x1 + 1, y1 + 1, x2, y2)), size=(0, 0)), "voc"),
        write(f"0 {cx} {cy} {w} {h}", "yolo"),
    ]
    for file in files:
        np.testing.assert_allclose(read_scene(photo, file).boxes, [BOX], rtol=1e-6, err_msg=file.name)


def test_a_file_for_another_size_is_refused(photo, write):
    with pytest.raises(
        ValueError, match=r"of a photo of 60 x 40 pixels, but .*shelf\.png has 200 x 100; .*another photo"
    ):
        read_scene(photo, write(coco_of((60, 40))))


def table(*boxes):
    return "x1,y1,x2,y2\n" + "".join(",".join(map(str, box)) + "\n" for box in boxes)


def test_boxes_are_clipped_to_the_photo(photo, write):
    scene = read_scene(photo, write(table((-3, -4, 50, 50), (150, 60, 204.5, 101), (0, 0, 200, 100))))
    assert scene.boxes.tolist() == [[0, 0, 50, 50], [150, 60, 200, 100], [0, 0, 200, 100]]


@pytest.mark.parametrize("box", [(200, 0, 210, 50), (-10, 0, 0, 50), (0, 100, 9, 120), (0, -9, 9, 0)])
def test_a_box_outside_of_the_photo_is_named(photo, write, box):
    inside = (10, 10, 20, 20)
    with pytest.raises(
        ValueError, match=r"1 of 3 boxes lie outside of .*\(200 x 100 pixels\); the first is '1'"
    ) as error:
        read_scene(photo, write(table(inside, box, inside)))
    assert "another photo" not in str(error.value)


def test_boxes_of_another_photo_are_called_so(photo, write):
    # None is wholly outside, yet the middle of two of the three is.
    boxes = [(10, 10, 20, 20), (150, 50, 900, 90), (150, 50, 160, 900)]
    with pytest.raises(ValueError, match=r"2 of 3 boxes lie outside .* the boxes of another photo"):
        read_scene(photo, write(table(*boxes)))
