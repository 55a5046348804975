"""The same two boxes, written by hand in every format, come out alike."""

import numpy as np
import pytest

from datamodules.box_files import read_scene

BOXES = [[10, 20, 50, 60], [100, 0, 200, 100]]
REPORT = {"b": {"x1": 10, "x2": 50, "y1": 20, "y2": 60}, "a": {"x1": 100, "x2": 200, "y1": 0, "y2": 100}}
COCO = {
    "images": [
        {"id": 7, "file_name": "train/shelf.png", "width": 200, "height": 100},
        {"id": 8, "file_name": "other.png", "width": 30, "height": 30},
    ],
    "categories": [{"id": 3, "name": "tea"}, {"id": 1, "name": "cola"}],
    "annotations": [
        {"id": 11, "image_id": 7, "category_id": 3, "bbox": [10, 20, 40, 40]},
        {"id": 12, "image_id": 8, "category_id": 3, "bbox": [1, 1, 5, 5]},
        {"id": 13, "image_id": 7, "category_id": 1, "bbox": [100, 0, 100, 100]},
    ],
}
YOLO = "5 0.15 0.4 0.2 0.4\n2 0.75 0.5 0.5 1.0\n"
SKU = """shelf.png,10,20,50,60,object,200,100
other.png,1,1,5,5,object,30,30
shelf.png,100,0,200,100,object,200,100
"""
TABLE = """label,Y Min,xmin,XMAX,ymax,score,id,File
tea,20,10,50,60,.9,left,shelf.png
"cola, red",0,100,200,100,.8,right,shelf.png
tea,1,1,5,5,.7,left,other.png
"""
PLAIN_TABLE = "x1;y1;x2;y2\n10;20;50;60\n\n100;0;200;100\n"


@pytest.mark.parametrize(
    ("content", "ids", "labels", "products"),
    [
        (REPORT, ("b", "a"), None, ()),
        (COCO, ("11", "13"), [1, 0], ("cola", "tea")),
        (YOLO, ("0", "1"), [1, 0], ("2", "5")),
        (YOLO.replace("\n", " 0.87\n").replace("\n2 ", "\n5 "), ("0", "1"), None, ()),
        (SKU, ("0", "1"), None, ()),
        (TABLE, ("left", "right"), [1, 0], ("cola, red", "tea")),
        (PLAIN_TABLE, ("0", "1"), None, ()),
        (PLAIN_TABLE.replace("\n", "\r\n").replace(";", "\t"), ("0", "1"), None, ()),
        (b"\xef\xbb\xbf" + TABLE.encode(), ("left", "right"), [1, 0], ("cola, red", "tea")),
    ],
    ids=["report", "coco", "yolo", "yolo-one-class", "sku", "table", "plain", "plain-tabs-crlf", "table-bom"],
)
def test_every_format_is_known_by_its_content(photo, write, content, ids, labels, products):
    scene = read_scene(photo, write(content))
    np.testing.assert_allclose(scene.boxes, BOXES)
    assert scene.boxes.dtype == np.float32
    assert (scene.name, scene.photo) == ("shelf", photo)
    assert scene.ids == ids
    assert scene.products == products
    assert (scene.labels is None) if labels is None else scene.labels.tolist() == labels


def test_voc_that_counts_from_one_is_moved_to_zero(photo, write, voc):
    scene = read_scene(photo, write(voc(("tea", (11, 21, 50, 60)), ("cola", (101, 1, 200, 100)))))
    assert scene.boxes.tolist() == BOXES
    assert scene.products == ("cola", "tea")
    assert scene.labels.tolist() == [1, 0]


@pytest.mark.parametrize("first", [(10, 20, 50, 60), (10.0, 20.25, 50, 60)])
def test_voc_that_counts_from_zero_is_left_as_it_is(photo, write, voc, first):
    corner = (100, 0, 200, 100) if first[1] == 20 else (100, 1, 200, 100)
    scene = read_scene(photo, write(voc(("tea", first), ("cola", corner))))
    assert scene.boxes.tolist() == [list(first), list(corner)]


def test_a_voc_box_one_pixel_wide_has_an_area(photo, write, voc):
    assert read_scene(photo, write(voc(("tea", (1, 1, 1, 9))))).boxes.tolist() == [[0, 0, 1, 9]]


def test_products_that_nobody_could_name_are_minus_one(photo, write, voc):
    names = ("tea", "__UNKNOWN", "cola", "__WRONG", "", "tea")
    scene = read_scene(photo, write(voc(*((name, (1, 1, 9, 9)) for name in names))))
    assert scene.labels.tolist() == [1, -1, 0, -1, -1, 1]
    assert scene.products == ("cola", "tea")


@pytest.mark.parametrize("names", [("tea", "tea"), ("tea", "__UNKNOWN"), ("", "")])
def test_fewer_than_two_products_are_no_labels(photo, write, voc, names):
    scene = read_scene(photo, write(voc(*((name, (1, 1, 9, 9)) for name in names))))
    assert scene.labels is None
    assert scene.products == ()


def test_folders_tell_photos_of_one_name_apart(photo, write):
    images = [{"id": number, "file_name": name} for number, name in enumerate(["a/shelf.png", "b/shelf.png"])]
    annotations = [{"image_id": number, "bbox": [0, 0, 10 + number, 10]} for number in range(2)]
    boxes = write({"images": images, "annotations": annotations})
    (photo.parent / "b").mkdir()
    inside = photo.rename(photo.parent / "b/shelf.png")
    assert read_scene(inside, boxes).boxes.tolist() == [[0, 0, 11, 10]]
    with pytest.raises(ValueError, match=r"several photos that may be .*a/shelf\.png, b/shelf\.png"):
        read_scene(inside.rename(photo), boxes)


@pytest.mark.parametrize("name", ["shelf", "C:\\mine\\shelf.png", "/home/me/shelf.png"])
def test_a_photo_is_known_with_folders_and_without_suffix(photo, write, name):
    scene = read_scene(photo, write(f"image,x1,y1,x2,y2\n{name},1,2,3,4\nshelf2.png,5,5,9,9\n"))
    assert scene.boxes.tolist() == [[1, 2, 3, 4]]


@pytest.mark.parametrize("content", [COCO, SKU, TABLE], ids=["coco", "sku", "table"])
def test_a_file_of_other_photos_names_some(photo, write, content):
    with pytest.raises(ValueError, match=r"boxes\.any has no boxes of mine\.png; it names 2 photos: other\.png, "):
        read_scene(photo.rename(photo.with_name("mine.png")), write(content))


def test_sizes_of_boxes_are_not_taken_for_the_photos(photo, write):
    assert len(read_scene(photo, write("x1,y1,x2,y2,width,height\n1,2,3,4,2,2\n"))) == 1
