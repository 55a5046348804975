import json
import re

import pytest

from datamodules.box_files import read_scene

BOX = {"x1": 1, "y1": 2, "x2": 3, "y2": 4}


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "shelf.jpg"
    path.write_bytes(b"")
    return path


def write(photo, content):
    path = photo.with_suffix(".json")
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_boxes_are_read_in_the_files_order(photo):
    scene = read_scene(photo, write(photo, {"b": BOX, "a": {**BOX, "x2": 9}}))
    assert scene.ids == ("b", "a")
    assert scene.boxes.tolist() == [[1, 2, 3, 4], [1, 2, 9, 4]]
    assert scene.name == "shelf"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{broken", "is not JSON"),
        ({}, "holds no boxes"),
        ([], "holds no boxes"),
        ({"a": {"x1": 1}}, r"expected id: {x1, y1, x2, y2}"),
        ({"a": {**BOX, "x1": "left"}}, r"expected id: {x1, y1, x2, y2}"),
        ({"a": 3}, r"expected id: {x1, y1, x2, y2}"),
        ([1, 2], r"expected id: {x1, y1, x2, y2}"),
        ({"a": {**BOX, "x2": 1}}, "have no area; the first is 'a'"),
        ('{"a": {"x1": 1, "y1": 2, "x2": 3, "y2": 4}, "a": {"x1": 1, "y1": 2, "x2": 3, "y2": 4}}', "more than once"),
    ],
)
def test_malformed_files_are_named(photo, content, message):
    with pytest.raises(ValueError, match=message if "{" not in message else re.escape(message)):
        read_scene(photo, write(photo, content))


def test_missing_files_are_named(photo, tmp_path):
    with pytest.raises(FileNotFoundError, match="no box file"):
        read_scene(photo, tmp_path / "none.json")
    with pytest.raises(FileNotFoundError, match="no photo"):
        read_scene(tmp_path / "none.jpg", write(photo, {"a": BOX}))
