"""Products of a box file within a data set that numbers its own."""

import numpy as np
import pytest

from datamodules.box_files import read_scene
from datamodules.scene import Scene


def test_a_scene_takes_over_the_numbers_of_a_data_set(photo, write, voc):
    names = ("tea", "cola", "__UNKNOWN", "water")
    scene = read_scene(photo, write(voc(*((name, (1, 1, 9, 9)) for name in names))))
    products = ["beer", "tea"]
    numbered = scene.numbered_in(products)
    assert products == ["beer", "tea", "cola", "water"]
    assert numbered.labels.tolist() == [1, 2, -1, 3]
    assert numbered.labels.dtype == np.int64
    assert (numbered.ids, numbered.products) == (scene.ids, ())
    assert scene.labels.tolist() == [1, 0, -1, 2]


def test_a_scene_without_labels_stays_as_it_is(photo, write):
    scene = read_scene(photo, write("0 .5 .5 .1 .1"))
    products = ["tea"]
    assert scene.numbered_in(products) is scene
    assert products == ["tea"]


def test_a_product_without_a_name_is_refused(photo):
    with pytest.raises(ValueError, match="scene shelf has product 1 but 1 names"):
        Scene("shelf", ("a",), photo, np.array([[0, 0, 1, 1]], np.float32), labels=np.array([1]), products=("tea",))
