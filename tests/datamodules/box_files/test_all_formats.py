"""One shelf, written in every format that is read, comes out alike."""

import numpy as np
import pytest
from box_builders import BUILDERS, NAME, PRODUCTS, SHELF, SIZE
from PIL import Image

from datamodules.box_files import read_scene

# Formats that do not say of which photo they are, or of which columns they consist, and are read with a warning.
WARNED = {
    "mot": "of '1'",
    "yolo confidence first": "not as class cx",
    "x1 y1 x2 y2 class confidence": "not as class x1",
}


@pytest.fixture
def shelf(tmp_path):
    path = tmp_path / NAME
    Image.new("RGB", SIZE).save(path)
    return path


@pytest.mark.parametrize("name", BUILDERS)
def test_every_format_gives_the_boxes(shelf, write, name):
    scene = read_scene(shelf, write(BUILDERS[name](SHELF, PRODUCTS)))
    # Pascal VOC counts from 1, unless a box starts at 0 or at a fraction.
    np.testing.assert_allclose(scene.boxes, SHELF, atol=0.01)
    warning = " ".join(scene.warnings)
    assert (WARNED[name] in warning) if name in WARNED else not warning


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("name", ["report", "coco", "voc", "yolo", "sku", "tensorflow", "json lines"])
def test_every_encoding_of_unicode_is_read(shelf, write, name, encoding):
    scene = read_scene(shelf, write(BUILDERS[name](SHELF, PRODUCTS).encode(encoding)))
    np.testing.assert_allclose(scene.boxes, SHELF, atol=0.01)
    assert scene.warnings == ()


@pytest.mark.parametrize("ends", ["\r", "\r\n", "\r\n\r\n"])
@pytest.mark.parametrize("name", ["yolo", "sku", "tensorflow", "via csv", "kitti", "mot"])
def test_every_line_end_is_read(shelf, write, name, ends):
    text = BUILDERS[name](SHELF, PRODUCTS).replace("\n", ends)
    np.testing.assert_allclose(read_scene(shelf, write(text.encode())).boxes, SHELF, atol=0.01)


@pytest.mark.parametrize(
    ("page", "word"),
    [("cp949", "비누"), ("cp932", "せっけん"), ("gb18030", "肥皂洗衣"), ("cp1251", "мыло"), ("cp1252", "Spülmittel è")],
)
def test_a_code_page_is_guessed_and_named(shelf, write, page, word):
    names = [word if row % 2 else f"{word}2" for row in range(len(SHELF))]
    scene = read_scene(shelf, write(BUILDERS["tensorflow"](SHELF, names).encode(page)))
    np.testing.assert_allclose(scene.boxes, SHELF, atol=0.01)
    assert scene.products == (word, f"{word}2")
    assert f"is not UTF-8; it is read as {page}" in scene.warnings[0]


def test_xml_is_read_in_the_code_page_that_it_declares(shelf, write):
    names = ["비누" if row % 2 else "샴푸" for row in range(len(SHELF))]
    text = f'<?xml version="1.0" encoding="euc-kr"?>\n{BUILDERS["voc"](SHELF, names)}'
    scene = read_scene(shelf, write(text.encode("euc-kr")))
    assert scene.products == ("비누", "샴푸")
    assert scene.warnings == ()
    with pytest.raises(ValueError, match=r"boxes\.any says that it is utf-8 and cannot be read so"):
        read_scene(shelf, write(text.replace("euc-kr", "utf-8").encode("euc-kr")))
