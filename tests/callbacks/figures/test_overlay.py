"""Which photos are drawn, and when."""

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from analysis.aggregation.closing_aggregation import ClosingAggregation
from analysis.clustering.agglomerative import AgglomerativeClustering
from callbacks.figures.overlay import OverlayCallback
from callbacks.validation_rows import ValidationRows
from datamodules.pictures import read_picture
from datamodules.scene import Scene

BOXES = np.array([[0, 0, 10, 20], [10, 0, 20, 20]], dtype=np.float32)
MODEL = SimpleNamespace(embedder=SimpleNamespace(metric=SimpleNamespace(name="cosine")), distance_threshold=None)


def clustering(metric):
    return AgglomerativeClustering(metric, distance_threshold=0.5)


@pytest.fixture
def scenes(tmp_path):
    Image.new("RGB", (40, 30)).save(tmp_path / "photo.png")
    photo, labels = tmp_path / "photo.png", np.array([0, 1])
    cut = (photo, photo)
    return [
        Scene("labelled", ("a", "b"), photo=photo, boxes=BOXES, labels=labels),
        Scene("crops", ("a", "b"), files=cut, labels=labels),
        Scene("unlabelled", ("a", "b"), photo=photo, boxes=BOXES),
    ]


def drawn(scenes, folder, epoch=0, max_epochs=1, is_global_zero=True, **options):
    trainer = SimpleNamespace(
        datamodule=SimpleNamespace(scenes=scenes, pixels_of=lambda photo: np.asarray(read_picture(photo))),
        current_epoch=epoch,
        max_epochs=max_epochs,
        is_global_zero=is_global_zero,
        default_root_dir=folder,
        loggers=[],
    )
    rows = ValidationRows(np.eye(2, dtype=np.float32)[[0, 0, 0, 1, 0, 1]], np.zeros(6, dtype=np.int64))
    OverlayCallback(clustering, ClosingAggregation(), **options).on_validation_rows(trainer, MODEL, rows)
    return sorted(path.name for path in folder.glob("figures/*.png"))


def test_photos_are_drawn_unlabelled_ones_first_and_scenes_without_photo_never(scenes, tmp_path):
    assert drawn(scenes, tmp_path, num_photos=1) == ["overlay_unlabelled.png"]
    assert drawn(scenes, tmp_path, num_photos=9) == ["overlay_labelled.png", "overlay_unlabelled.png"]


@pytest.mark.parametrize(("epoch", "is_due"), [(0, False), (1, True), (2, False), (4, True)])
def test_drawing_has_its_turn_and_the_last_epoch(scenes, tmp_path, epoch, is_due):
    assert bool(drawn(scenes, tmp_path, epoch=epoch, max_epochs=5, every_n_epochs=2)) == is_due


def test_other_processes_and_no_scenes_draw_nothing(scenes, tmp_path):
    assert drawn(scenes, tmp_path, is_global_zero=False) == []
    assert drawn([], tmp_path) == []


@pytest.mark.parametrize("options", [{"num_photos": 0}, {"every_n_epochs": 0}])
def test_wrong_numbers_are_named(options):
    with pytest.raises(ValueError, match="must be at least 1, got"):
        OverlayCallback(clustering, ClosingAggregation(), **options)
