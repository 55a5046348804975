"""Names for the groups of photos, from folders of crops and from labelled photos."""

import shutil

import numpy as np
import pytest
from PIL import Image

from inference import Grouper
from inference.naming import learn_products, name_groups

BOXES = np.array([[x, y, x + 50, y + 90] for y in (20, 130) for x in range(20, 370, 70)], dtype=np.float64)
PRODUCTS = ["red", "red", "blue", "blue", "blue"] * 2
COLOURS = {"red": (220, 40, 40), "blue": (30, 60, 200)}


@pytest.fixture(scope="module")
def grouper():
    return Grouper.load()


@pytest.fixture
def shelf(tmp_path):
    """A labelled photo of plain packages in two colours."""
    photo = np.full((240, 400, 3), 90, dtype=np.uint8)
    for (x1, y1, x2, y2), product in zip(BOXES.astype(int), PRODUCTS, strict=True):
        photo[y1:y2, x1:x2] = COLOURS[product]
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.fromarray(photo).save(folder / "shelf.png")
    rows = [",".join([*map(str, box), name]) for box, name in zip(BOXES, PRODUCTS, strict=True)]
    (folder / "shelf.csv").write_text("\n".join(["x1,y1,x2,y2,label", *rows]))
    return folder / "shelf.png"


@pytest.fixture
def crops(tmp_path):
    """A folder with a folder of crops of each product."""
    for name, colour in COLOURS.items():
        (tmp_path / "crops" / name).mkdir(parents=True)
        for number in range(2):
            Image.new("RGB", (50, 90), colour).save(tmp_path / "crops" / name / f"{number}.png")
    return tmp_path / "crops"


@pytest.mark.parametrize("place", ["crops", "photos"])
@pytest.mark.parametrize("across_photos", [False, True])
def test_groups_get_the_names_of_crops_and_of_labelled_photos(grouper, shelf, crops, tmp_path, place, across_photos):
    groups = grouper.group(shelf)
    (named,) = name_groups([groups], learn_products(grouper, tmp_path / place), across_photos)
    assert list(named.names) == PRODUCTS
    assert named.to_frame().name_confidence.between(0.5, 1).all()
    assert set(named.group_names.values()) == set(COLOURS)


def test_a_product_that_is_not_known_gets_no_name_and_a_persons_name_stays(grouper, shelf, crops):
    shutil.rmtree(crops / "blue")
    groups = grouper.group(shelf)
    (named,) = name_groups([groups], learn_products(grouper, crops), across_photos=False)
    assert list(named.names) == ["red" if product == "red" else "" for product in PRODUCTS]
    (kept,) = name_groups([named], learn_products(grouper, crops), across_photos=False)
    assert kept.name_confidence[0] == 1


def test_folders_that_name_nothing_are_named(grouper, crops, shelf, tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        learn_products(grouper, tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="no picture in"):
        learn_products(grouper, tmp_path / "empty")
    with pytest.raises(ValueError, match="in no product"):
        learn_products(grouper, crops / "red")
    shelf.with_suffix(".csv").write_text("x1,y1,x2,y2\n0,0,50,90\n")
    with pytest.raises(ValueError, match="no box file"):
        learn_products(grouper, shelf.parent)
