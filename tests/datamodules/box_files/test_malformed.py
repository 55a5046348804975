"""Files that are broken are named, with the place and what was expected."""

import re

import pytest

from datamodules.box_files import read_scene

BOX = {"x1": 1, "y1": 2, "x2": 3, "y2": 4}
DUPLICATE = '{"a": {"x1": 1, "y1": 2, "x2": 3, "y2": 4}, "a": {"x1": 1, "y1": 2, "x2": 3, "y2": 4}}'
IMAGE = {"id": 1, "file_name": "shelf.png"}
ENTITIES = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 30}">' for level in range(1, 10))
BOMB = f'<!DOCTYPE a [<!ENTITY l0 "ha">{ENTITIES}]><annotation>&l9;</annotation>'


def coco(*annotations, **image):
    return {"images": [{**IMAGE, **image}], "annotations": list(annotations)}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty: it holds no boxes"),
        ("{broken", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ({}, "holds no boxes"),
        ([], "holds no boxes"),
        ([1, 2], "in no format of boxes that is read; these are: COCO JSON (images, annotations); LabelMe"),
        ({"a": 3}, "in no format"),
        ({"a": BOX, "b": 3}, "record 'b': expected id: {x1, y1, x2, y2} in numbers, got 3"),
        ({"a": {"x1": 1}}, "record 'a': expected id: {x1, y1, x2, y2} in numbers"),
        ({"a": {**BOX, "x1": "left"}}, "record 'a': expected id: {x1, y1, x2, y2} in numbers"),
        ({"a": {**BOX, "x1": float("nan")}}, "record 'a': expected"),
        ({"a": {**BOX, "x2": 1}}, "have no area; the first is 'a'"),
        (DUPLICATE, "has the id 'a' more than once"),
        ({"images": [IMAGE]}, "expected COCO with a list of annotations"),
        (coco({"image_id": 1}), "annotations[0]: expected bbox: [x, y, width, height]"),
        (coco({"image_id": 1, "bbox": [1, 2, 3]}), "annotations[0]: expected bbox: [x, y, width, height]"),
        (coco({"image_id": 1, "bbox": [1, 2, 0, 4]}), "have no area"),
        (coco(*[{"image_id": 1, "id": 5, "bbox": [1, 2, 3, 4]}] * 2), "has the id '5' more than once"),
        (coco({"image_id": 2, "bbox": [1, 2, 3, 4]}), "holds no boxes of shelf.png"),
        (coco({"image_id": 1, "bbox": [1, 2, 3, 4]}, width="wide", height=2), "expected the photo's width and height"),
        ("<annotation><object>", "is not XML: no element found: line 1"),
        ("<annotation/>", "holds no boxes of shelf.png"),
        ("<annotations/>", "in no format"),
        (
            "<annotation><object><name>a</name></object></annotation>",
            "object 0: expected <bndbox> with numbers in <xmin>",
        ),
        (BOMB, "is not XML: limit on input amplification"),
        ("0 .5 .5 .1 .1\n0 .5 .5 .1\n", "line 2: expected class cx cy w h"),
        ("0 .5 .5 .1 .1\n0 50 50 10 10\n", "line 2: expected class cx cy w h [confidence], the class a whole number"),
        ("0 .5 .5 .1 .1\n0 .5 .5 .1 wide\n", "line 2: expected class"),
        ("0 .5 .5 .1 .1\n0.5 .5 .5 .1 .1\n", "line 2: expected class"),
        ("0 .5 .5 .1 0\n", "have no area; the first is '0'"),
        ("x1,y1,x2\n1,2,3\n", "line 1: expected columns x1, y1, x2, y2 in the header, missing are y2 or ymax"),
        ("x1,y1,x2,y2\n1,2,3,4\n\n1,2,3\n", "line 4: expected 4 fields, got 3"),
        ("x1,y1,x2,y2\n1,2,3,four\n", "line 2: expected numbers for x1, y1, x2, y2"),
        ("id,x1,y1,x2,y2\na,1,2,3,4\na,1,2,3,4\n", "has the id 'a' more than once"),
        ("x1,y1,x2,y2\n", "holds no boxes of shelf.png"),
        (
            "x1,y1,x2,y2\n0.1,0.2,0.3,0.4\n",
            "as shares would; they look like shares (0..1) of the photo's size: type box_scale=shares",
        ),
        ("shelf.png,1,2,3,4,a,200,100\nshelf.png,1,2,3,4,a,100,200\n", "gives shelf.png several sizes"),
        ("just a note\n", "in no format"),
        ("nothing\0here", "in no format"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "in no format"),
    ],
)
def test_malformed_files_are_named(photo, write, content, message):
    with pytest.raises(ValueError, match=r"boxes\.any.*" + re.escape(message)):
        read_scene(photo, write(content))


def test_missing_files_are_named(photo, write, tmp_path):
    with pytest.raises(FileNotFoundError, match="no box file"):
        read_scene(photo, tmp_path / "none.json")
    with pytest.raises(FileNotFoundError, match="no picture"):
        read_scene(tmp_path / "none.jpg", write({"a": BOX}))


def test_a_photo_that_is_none_is_named(write):
    with pytest.raises(ValueError, match=r"shelf\.jpg cannot be read as a picture"):
        read_scene(write("text", "shelf.jpg"), write({"a": BOX}))
