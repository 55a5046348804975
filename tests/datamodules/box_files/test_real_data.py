"""Box files that were made by others."""

from xml.etree import ElementTree

import numpy as np
import pytest
from support import real_data

from datamodules.box_files import find_box_file, read_scene


@pytest.mark.real_data
def test_cornershop_counts_pixels_from_one():
    root = real_data("CORNERSHOP")
    scenes = {photo.stem: read_scene(photo, find_box_file(photo)) for photo in sorted(root.glob("*.jpg"))}
    written = {
        name: [float(corner.text) for box in ElementTree.parse(root / f"{name}.xml").iter("bndbox") for corner in box]
        for name in scenes
    }
    # The evidence: many boxes reach the photo's edges, where the first pixel is 1 and the last is 3024 of 3024.
    assert min(map(min, written.values())) == 1
    boxes = np.concatenate([scene.boxes for scene in scenes.values()])
    assert boxes.min(0)[:2].tolist() == [0, 0]
    assert boxes.max(0)[2:].tolist() == [3024, 4032]
    assert len(scenes) == 15
    # One __UNKNOWN and two __WRONG.
    assert (scenes["p25"].labels == -1).sum() == 3
    assert len(scenes["p25"].products) == 30
    assert all(scene.labels.max() == len(scene.products) - 1 for scene in scenes.values())


@pytest.mark.real_data
def test_sku110k_in_yolo_falls_on_whole_pixels():
    photo = real_data("SKU110K") / "train_0.jpg"
    scene = read_scene(photo, find_box_file(photo))
    assert len(scene) == 141
    assert scene.labels is None
    np.testing.assert_allclose(scene.boxes, scene.boxes.round(), atol=1e-3)


@pytest.mark.real_data
def test_the_reports_shelf_is_found(detergents):
    photo = detergents / "shelf.jpeg"
    scene = read_scene(photo, find_box_file(photo))
    assert len(scene) == 63
    assert scene.ids[0] == "YvUqM83"
    assert scene.boxes[0].tolist() == [542, 2005, 800, 2446]
