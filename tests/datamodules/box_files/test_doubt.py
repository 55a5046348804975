"""How often boxes are doubted rightly and wrongly, on all photos at hand.

The rendered shelves are as many as BOX_DOUBT_PHOTOS says (6); the real ones are those that CORNERSHOP, DETERGENTS and
SKU110K name. Run with -s for the counts.
"""

import os
from collections import Counter

import numpy as np
import pytest
from box_builders import BUILDERS, NAME, PRODUCTS, SHELF, SIZE, centered, scaled, shares, xywh
from PIL import Image
from support import real_data

from datamodules.box_files import Convention, find_box_file, read_scene
from datamodules.box_files.convention import LAYOUTS, to_corners
from datamodules.box_files.placing.doubt import advice, doubt_of_reading
from datamodules.box_files.placing.orientation import Photo
from datamodules.synthetic.shelves import read_shelves, write_shelves

# How the same boxes are written (boxes (n, 4) and the photo's size in, numbers out), the layout by which they are read,
# and how often at least that must be called odd.
WRONG = {
    "xywh as corners": (lambda b, s: _xywh(b), "corners", 1.0),
    "cxcywh as corners": (lambda b, s: _cxcywh(b), "corners", 1.0),
    "corners as xywh": (lambda b, s: b, "xywh", 1.0),
    "corners as cxcywh": (lambda b, s: b, "cxcywh", 1.0),
    "cxcywh as xywh": (lambda b, s: _cxcywh(b), "xywh", 0.9),
    "xywh as cxcywh": (lambda b, s: _xywh(b), "cxcywh", 0.9),
    "xxyy as corners": (lambda b, s: b[:, [0, 2, 1, 3]], "corners", 1.0),
    "yxyx as corners": (lambda b, s: b[:, [1, 0, 3, 2]], "corners", 0.9),
    "shares": (lambda b, s: b / _sides(s), "corners", 1.0),
    "percent": (lambda b, s: b / _sides(s) * 100, "corners", 1.0),
    "a scale of 1000": (lambda b, s: b / _sides(s) * 1000, "corners", 0.95),
    "a scale of 640": (lambda b, s: b / _sides(s) * 640, "corners", 0.95),
    "a copy of 640 pixels": (lambda b, s: b / max(s) * 640, "corners", 0.95),
    "half the size": (lambda b, s: b / 2, "corners", 1.0),
    "twice the size": (lambda b, s: b * 2, "corners", 1.0),
}


def _sides(size):
    return np.tile(np.array(size, dtype=float), 2)


def _xywh(boxes):
    return np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], 1)


def _cxcywh(boxes):
    return np.concatenate([(boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]], 1)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("doubt") / "shelves"
    count = int(os.environ.get("BOX_DOUBT_PHOTOS", "6"))
    write_shelves(
        folder, num_brands=4, num_train_photos=count - 1, num_test_photos=1, photo_width=800, photo_height=600
    )
    return [(photo.boxes.astype(float), Photo.open(photo.path).size) for photo in read_shelves(folder)]


@pytest.fixture(scope="module")
def real():
    shelf = real_data("DETERGENTS") / "shelf.jpeg"
    files = [*sorted(real_data("CORNERSHOP").glob("*.jpg")), shelf, real_data("SKU110K") / "train_0.jpg"]
    return [(read_scene(file, find_box_file(file)).boxes.astype(float), Photo.open(file).size) for file in files]


def _counts(numbers_of, layout, photos):
    found = [doubt_of_reading(numbers_of(boxes, size), layout, "pixels", size) for boxes, size in photos]
    return Counter("impossible" if f.impossible else "odd" if f.odd else "nothing" for f in found)


def _check(photos, title):
    right = _counts(lambda boxes, size: boxes, "corners", photos)
    centres = _counts(lambda boxes, size: _cxcywh(boxes), "cxcywh", photos)
    print(f"\n{title}: {len(photos)} photos, right {dict(right)}, right by the centre {dict(centres)}")
    assert right["nothing"] == centres["nothing"] == len(photos)
    for name, (numbers_of, layout, share) in WRONG.items():
        counts = _counts(numbers_of, layout, photos)
        print(f"  {name}: {dict(counts)}")
        # One photo more than the share may be missed: there are few photos.
        assert len(photos) - counts["nothing"] >= share * len(photos) - (share < 1), name


def test_rendered_shelves_are_not_doubted_and_wrong_readings_are(rendered):
    _check(rendered, "rendered")


@pytest.mark.real_data
def test_real_shelves_are_not_doubted_and_wrong_readings_are(real):
    _check(real, "real")


@pytest.mark.parametrize(
    ("numbers", "typed"),
    [
        ([xywh(box) for box in SHELF], "box_format=xywh"),
        ([centered(box) for box in SHELF], "box_format=cxcywh"),
        ([(box[0], box[2], box[1], box[3]) for box in SHELF], "box_format=xxyy"),
        ([(box[1], box[0], box[3], box[2]) for box in SHELF], "box_format=yxyx"),
        ([shares(box) for box in SHELF], "box_scale=shares"),
        ([shares(box, 100) for box in SHELF], "box_scale=percent"),
        ([shares(box, 1000) for box in SHELF], "box_scale=1000"),
        ([shares(box, 640) for box in SHELF], "box_scale=640"),
        ([xywh(shares(box)) for box in SHELF], "box_format=xywh box_scale=shares"),
        (
            [scaled(box, 0.55, 0.55) for box in SHELF],
            "type box_format= (corners, xywh, cxcywh, yxyx, xxyy) or box_scale=",
        ),
    ],
)
def test_what_is_advised_is_what_helps(tmp_path, write, numbers, typed):
    photo = tmp_path / NAME
    Image.new("RGB", SIZE).save(photo)
    file = write(BUILDERS["report"](numbers, PRODUCTS))
    try:
        said = " ".join(read_scene(photo, file).warnings)
    except ValueError as error:
        said = str(error)
    assert typed in said
    if typed.startswith("box_"):
        options = dict(option.split("=") for option in typed.split())
        convention = Convention.of_options(options.get("box_format"), options.get("box_scale"))
        scene = read_scene(photo, file, convention=convention)
        np.testing.assert_allclose(scene.boxes, SHELF, atol=0.01)
        assert scene.warnings == ()


@pytest.mark.parametrize(("end", "is_odd"), [(1533, True), (1536, True), (1538.5, False), (1540, False)])
def test_boxes_that_end_beyond_a_detectors_size_were_not_found_on_a_copy_of_it(end, is_odd):
    places = np.arange(20)
    lower = np.stack([(places % 10) * 150, places // 10 * 550], axis=1)
    boxes = np.concatenate([lower, lower + np.array([100, 500])], axis=1).astype(float)
    boxes[9, 2] = end
    assert bool(doubt_of_reading(boxes, "corners", "pixels", (1600, 1200)).odd) == is_odd


def test_a_person_may_insist_on_boxes_that_look_impossible(tmp_path, write):
    photo = tmp_path / NAME
    Image.new("RGB", SIZE).save(photo)
    file = write(BUILDERS["report"]([shares(box, 100) for box in SHELF], PRODUCTS))
    with pytest.raises(ValueError, match="cannot be right: all of them lie in the 15% next to its left upper corner"):
        read_scene(photo, file)
    scene = read_scene(photo, file, convention=Convention(scale="pixels"))
    assert "may be in the wrong place" in scene.warnings[0]


def test_boxes_cut_right_at_the_photos_edge_tell_the_centre_from_the_corner():
    # Neither overlap nor a loss at the edge: what is shifted by half a box ends inside of the photo.
    boxes = np.array([(0, 10 + row * 90, 40, 90 + row * 90) for row in range(6)] + [(300, 60, 345, 110)], dtype=float)
    assert "read as x, y of the centre" in doubt_of_reading(_cxcywh(boxes), "xywh", "pixels", (360, 600)).odd
    assert not doubt_of_reading(_cxcywh(boxes), "cxcywh", "pixels", (360, 600)).odd


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_boxes_are_seldom_doubted(count):
    boxes = np.array([(500, 200, 580, 300), (100, 300, 180, 410)], dtype=float)[:count]
    assert not doubt_of_reading(boxes, "corners", "pixels", SIZE).odd
    assert doubt_of_reading(boxes / 10, "corners", "pixels", SIZE).odd


def test_copies_of_a_box_are_told(tmp_path, write):
    photo = tmp_path / NAME
    Image.new("RGB", SIZE).save(photo)
    scene = read_scene(photo, write(BUILDERS["yolo"](SHELF * 2, PRODUCTS * 2)))
    assert "24 are exact copies of others" in scene.warnings[0]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("scale", ["pixels", "shares", "percent", "1000", "2000x1200"])
def test_every_convention_can_be_undone(layout, scale):
    boxes = np.array(SHELF)
    numbers = {"corners": boxes, "xywh": _xywh(boxes), "cxcywh": _cxcywh(boxes),
               "yxyx": boxes[:, [1, 0, 3, 2]], "xxyy": boxes[:, [0, 2, 1, 3]]}[layout]  # fmt: skip
    units = {"shares": (1, 1), "percent": (100, 100), "1000": (1000, 1000), "2000x1200": (2000, 1200)}.get(scale, SIZE)
    factors = np.array(units) / np.array(SIZE)
    order = {"yxyx": (1, 0, 1, 0), "xxyy": (0, 0, 1, 1)}.get(layout, (0, 1, 0, 1))
    written = numbers * factors[list(order)]
    np.testing.assert_allclose(to_corners(written, layout, scale, SIZE), boxes, atol=1e-9)


@pytest.mark.parametrize(
    "values", [{"layout": "xyxy"}, {"scale": "px"}, {"scale": "0"}, {"scale": "640x0"}, {"scale": "-1"}]
)
def test_unknown_conventions_are_named(values):
    with pytest.raises(ValueError, match="must be"):
        Convention(**values)


def test_advice_without_a_reading_names_the_options():
    assert "box_format=" in advice(np.array([[1.0, 2, 3, 4]]), "corners", "pixels", (9, 9))
