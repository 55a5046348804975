"""Names for the groups of photos, from folders of crops and from labelled photos."""

import shutil

import pytest
from PIL import Image
from two_coloured_shelf import COLOURS, PRODUCTS, write_two_coloured_shelf

from inference import Grouper
from inference.naming import learn_products, name_groups


@pytest.fixture(scope="module")
def grouper():
    return Grouper.load()


@pytest.fixture
def shelf(tmp_path):
    """A labelled photo of plain packages in two colours."""
    folder = tmp_path / "photos"
    folder.mkdir()
    write_two_coloured_shelf(folder)
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
