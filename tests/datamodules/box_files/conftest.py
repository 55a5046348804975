"""A photo of 200 x 100 pixels, and writing a box file beside it."""

import json
from pathlib import Path

import pytest
from PIL import Image


@pytest.fixture
def photo(tmp_path) -> Path:
    path = tmp_path / "shelf.png"
    Image.new("RGB", (200, 100)).save(path)
    return path


@pytest.fixture
def write(tmp_path):
    """Write text, bytes or JSON under a suffix that says nothing of the format."""

    def written(content, name="boxes.any") -> Path:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return written


@pytest.fixture
def voc():
    """Text of an annotation of objects, each a name and its corners as written."""

    def text(*objects: tuple[str, tuple[float, ...]], size: tuple[int, int] | None = None) -> str:
        head = "" if size is None else f"<size><width>{size[0]}</width><height>{size[1]}</height></size>"
        body = "".join(
            f"<object><name>{name}</name><bndbox><ymin>{y1}</ymin><xmin>{x1}</xmin><xmax>{x2}</xmax><ymax>{y2}</ymax>"
            "</bndbox></object>"
            for name, (x1, y1, x2, y2) in objects
        )
        return f'<?xml version="1.0"?>\n<annotation><filename>stale.jpg</filename>{head}{body}</annotation>'

    return text
