"""A picture that cannot be used is left out of what it belongs to, named and counted, and ends nothing."""

import logging
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from datamodules.crop_cache.decoding import UnreadablePicturesError
from datamodules.crop_datamodule import CropDataModule
from datamodules.sources.folder import FolderSource
from datamodules.transforms.crop_resize import CropResize

RESIZE = CropResize(image_size=16)


@pytest.fixture
def root(tmp_path):
    """Two products of five pictures each."""
    for number in range(10):
        path = tmp_path / "data" / ("cola", "tea")[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((20, 20, 3), 20 * number, dtype=np.uint8)).save(path)
    return tmp_path / "data"


def module(root, fraction):
    source = FolderSource(str(root), validation_fraction=fraction)
    return CropDataModule(source, RESIZE, batch_size=4, cache_dir=str(root.parent / "cache"))


@pytest.mark.parametrize("fraction", [0.0, 0.5])
def test_a_training_goes_on_without_them_and_says_so(root, caplog, fraction):
    for name in ("cola/2.png", "tea/5.png"):
        (root / name).write_bytes(b"broken")
    for _ in range(2):
        data = module(root, fraction)
        with caplog.at_level(logging.WARNING):
            data.setup()
        assert len(data.training) + len(data.validation) == 8
        files = [*data.collection.training.files, *data.validation_table.files]
        assert not any("2.png" in file or "5.png" in file for file in files)
        assert sum(len(scene) for scene in data.scenes) + len(data.collection.unplaced_crops) == len(data.validation)
    said = "\n".join(caplog.messages)
    assert "pictures cannot be used and are left out" in said
    assert "cola/2.png" in said
    assert "tea/5.png" in said


def test_where_nothing_can_be_used_that_is_an_error(root):
    for path in root.rglob("*.png"):
        path.write_bytes(b"broken")
    with pytest.raises(UnreadablePicturesError, match="pictures cannot be used"):
        module(root, 0.0).setup()


def test_a_scene_loses_its_rows_or_vanishes(root):
    (scene,) = FolderSource(str(root), validation_fraction=0.5).load().scenes
    first = str(scene.files[0])
    left = scene.without({first})
    assert (left.ids, left.labels.tolist()) == (scene.ids[1:], scene.labels[1:].tolist())
    assert scene.without({str(file) for file in scene.files}) is None
    boxes = np.tile(np.float32([0, 0, 9, 9]), (len(scene), 1))
    with_photo = replace(scene, photo=scene.files[0], files=(), boxes=boxes)
    assert with_photo.without({first}) is None
    assert with_photo.without({"other"}) is with_photo
