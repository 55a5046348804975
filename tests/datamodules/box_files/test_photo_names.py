"""Boxes are taken of the photo that was asked for, whatever its name is called; of no other without a word."""

import json
import unicodedata

import numpy as np
import pytest
from box_builders import NAME, PRODUCTS, SHELF, SIZE, coco
from PIL import Image

from datamodules.box_files import find_box_file, read_scene

ROWS = [",".join(f"{value:g}" for value in box) for box in SHELF]


@pytest.fixture
def shelf(tmp_path):
    path = tmp_path / NAME
    Image.new("RGB", SIZE).save(path)
    return path


def table(title, mine, others, head="x1,y1,x2,y2"):
    rows = [f"{mine},{row}" for row in ROWS] + [f"{other},{5 + number},5,60,30" for number, other in enumerate(others)]
    return "\n".join([f"{title},{head}", *rows])


@pytest.mark.parametrize(
    "title",
    ["image_id", "img", "frame", "ImageName", "Image Name", "imagePath", "filepath", "url", "사진", "Bild", "x",
     "label", "id", "name", "a,b"],
)  # fmt: skip
@pytest.mark.parametrize("mine", ["shelf.jpg", "a/shelf.jpg", "C:\\x\\shelf.jpg", "https://x.org/d/shelf.jpg?s=1"])
def test_a_column_of_pictures_is_found_under_any_title(shelf, write, title, mine):
    title = title if "," not in title else '"a,b"'
    scene = read_scene(shelf, write(table(title, mine, ["other.jpg", "other.jpg"])))
    np.testing.assert_allclose(scene.boxes, SHELF, atol=0.01)
    assert scene.warnings == ()


@pytest.mark.parametrize("others", [["other"], ["other"] * 3, ["a", "b"]])
def test_a_column_of_stems_is_found_by_the_photos_own(shelf, write, others):
    np.testing.assert_allclose(read_scene(shelf, write(table("key", "shelf", others))).boxes, SHELF, atol=0.01)


@pytest.mark.parametrize("title", ["frame_id", "image_id", "img", "photo no", "scene"])
def test_numbers_of_photos_are_refused(shelf, write, title):
    with pytest.raises(ValueError, match=r"the column .* names 2 photos: 1, 2, and none is shelf\.jpg"):
        read_scene(shelf, write(table(title, "1", ["2"])))
    scene = read_scene(shelf, write(table(title, "1", [])))
    assert "names the photo '1'; taken for shelf.jpg" in scene.warnings[0]


@pytest.mark.parametrize("title", ["t", "visit", "store"])
def test_an_unknown_column_in_blocks_is_doubted(shelf, write, title):
    scene = read_scene(shelf, write(table(title, "7", ["8", "8"])))
    assert f"the column '{title}' has 2 values in blocks" in scene.warnings[0]


@pytest.mark.parametrize("title", ["label", "class", "sku", "score", "IsOccluded"])
def test_columns_of_boxes_are_not_doubted(shelf, write, title):
    assert read_scene(shelf, write(table(title, "0", ["1", "1"]))).warnings == ()


def test_numbers_of_frames_are_those_of_the_photos_name(tmp_path, write):
    photo = tmp_path / "000002.jpg"
    Image.new("RGB", SIZE).save(photo)
    text = table("frame", "2", ["1", "3"])
    np.testing.assert_allclose(read_scene(photo, write(text)).boxes, SHELF, atol=0.01)
    # A column of each box's own number names no photo, though one of them is the photo's.
    numbered = "\n".join(["id,x1,y1,x2,y2", *(f"{number},{row}" for number, row in enumerate(ROWS))])
    assert len(read_scene(photo, write(numbered))) == len(SHELF)


def test_two_spellings_of_a_photo_are_one_and_two_folders_are_two(shelf, write):
    rows = [f"{'./' * (number % 2)}shelf.jpg,{row}" for number, row in enumerate(ROWS)]
    assert len(read_scene(shelf, write("\n".join(["file,x1,y1,x2,y2", *rows])))) == len(SHELF)
    rows = [f"day{number % 2}/shelf.jpg,{row}" for number, row in enumerate(ROWS)]
    with pytest.raises(ValueError, match=r"several photos that may be .*: day0/shelf\.jpg, day1/shelf\.jpg"):
        read_scene(shelf, write("\n".join(["file,x1,y1,x2,y2", *rows])))


def test_rows_without_a_photo_are_refused(shelf, write):
    with pytest.raises(ValueError, match=r"has 1 rows that name no photo and may be of shelf\.jpg"):
        read_scene(shelf, write(table("file", "shelf.jpg", ["", "b.jpg"])))


@pytest.mark.parametrize(
    ("name", "warned"),
    [("SHELF.JPG", True), ("shelf.png", True), ("3a19f2c1-shelf.jpg", False), ("3a-shelf.jpg", True),
     ("shelf_jpg.rf.0a1b2c.jpg", False), ("shelf", False)],
)  # fmt: skip
def test_a_name_that_is_nearly_the_photos_is_taken_with_a_word(shelf, write, name, warned):
    document = coco(SHELF, PRODUCTS)
    document["images"][0]["file_name"] = name
    scene = read_scene(shelf, write(document))
    assert len(scene) == len(SHELF)
    assert bool(scene.warnings) == warned
    # Where the photo's own name is there, that is the photo.
    document["images"][1] |= {"file_name": NAME, "width": SIZE[0], "height": SIZE[1]}
    assert len(read_scene(shelf, write(document))) == 1


def test_coco_with_one_id_for_two_files_or_a_file_twice_is_refused(shelf, write):
    document = coco(SHELF, PRODUCTS)
    document["images"][1]["id"] = document["images"][0]["id"]
    with pytest.raises(ValueError, match=r"gives the id 3 to shelf\.jpg and to another image"):
        read_scene(shelf, write(document))
    document = coco(SHELF, PRODUCTS)
    document["images"][1] |= {"file_name": NAME}
    with pytest.raises(ValueError, match=r"lists shelf\.jpg 2 times with boxes of its own"):
        read_scene(shelf, write(document))
    document["annotations"].pop()
    assert len(read_scene(shelf, write(document))) == len(SHELF)


def test_a_crowd_is_left_out_and_counted(shelf, write):
    document = coco(SHELF, PRODUCTS)
    document["annotations"][3] |= {"iscrowd": 1, "bbox": [0, 0, *SIZE]}
    scene = read_scene(shelf, write(document))
    assert len(scene) == len(SHELF) - 1
    assert "1 boxes of shelf.jpg that hold a crowd (iscrowd) are left out" in scene.warnings[0]


@pytest.mark.parametrize("forms", [("NFC", "NFD"), ("NFD", "NFC")])
def test_unicode_normal_forms_are_one(tmp_path, forms):
    mine, other = (unicodedata.normalize(form, "진열대é") for form in forms)
    photo = tmp_path / f"{mine}.png"
    Image.new("RGB", SIZE).save(photo)
    (tmp_path / f"{other}.csv").write_text(table("file", f"{other}.png", ["b.png"]), encoding="utf-8")
    file = find_box_file(photo)
    assert len(read_scene(photo, file)) == len(SHELF)


def test_products_that_differ_in_form_are_one_and_none_is_none(shelf, write):
    names = ["비누", unicodedata.normalize("NFD", "비누"), "nan", "None", "null", "", "1", "1.0"]
    rows = [f"{names[number % 8]},{row}" for number, row in enumerate(ROWS)]
    scene = read_scene(shelf, write("\n".join(["label,x1,y1,x2,y2", *rows]).encode()))
    assert scene.products == ("1", "비누")
    assert scene.labels.tolist()[:8] == [1, 1, -1, -1, -1, -1, 0, 0]
    objects = {f"a{row}": {"x1": box[0], "y1": box[1], "x2": box[2], "y2": box[3], "label": None}
               for row, box in enumerate(SHELF)}  # fmt: skip
    assert read_scene(shelf, write(json.dumps(objects))).products == ()


def test_half_a_character_is_named(shelf, write):
    with pytest.raises(ValueError, match="holds half a character"):
        read_scene(shelf, write('{"\\ud800": {"x1": 1, "y1": 2, "x2": 300, "y2": 400}}'))


def test_names_of_photos_before_the_numbers_of_a_line_say_whose_they_are(shelf, write):
    lines = [f"{NAME} {row.replace(',', ' ')}\nother.jpg 5 5 60 30" for row in ROWS]
    np.testing.assert_allclose(read_scene(shelf, write("\n".join(lines))).boxes, SHELF, atol=0.01)
