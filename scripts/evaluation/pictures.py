"""Pictures of grouped photos beside the truth."""

from math import ceil
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from analysis.figures.comparison import comparison_figure
from analysis.whole_file import whole_file
from datamodules.pictures import read_picture
from datamodules.scene import Scene
from scripts.evaluation.photos import PhotoResult
from scripts.evaluation.summary import ari_of

TILE = 120
GAP = 4


def draw_worst(results: list[PhotoResult], folder: Path, boxes_alone: bool = False) -> list[Path]:
    """Draw photos with true products and found groups side by side into ``worst/`` and return the files.

    Args:
        results: The photos.
        folder: Where ``worst/`` is made.
        boxes_alone: Leave the photos' pixels out: for pictures that are shown where the photos may not be.
    """
    paths = []
    for number, result in enumerate(results, start=1):
        photo, boxes = _picture_of(result.scene)
        if boxes_alone:
            photo = np.full_like(photo, 255)
        title = f"{result.scene.name}: ARI {ari_of(result):.3f}"
        assert result.scene.labels is not None, "only labelled photos are measured"
        figure = comparison_figure(photo, boxes, result.scene.labels, result.groups, title)
        path = folder / "worst" / f"{number}_{result.scene.name.replace('/', '_')}.png"
        with whole_file(path) as unfinished:
            figure.savefig(unfinished)
        paths.append(path)
    return paths


def _picture_of(scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    """Return a scene's photo and boxes; where only its crops are at hand, a sheet of them sorted by product."""
    if scene.photo is not None:
        assert scene.boxes is not None, "a photo has boxes"
        return np.asarray(read_picture(scene.photo)), scene.boxes
    assert scene.labels is not None, "only labelled photos are measured"
    columns = ceil(len(scene) ** 0.5)
    sheet = Image.new("RGB", (columns * TILE, ceil(len(scene) / columns) * TILE), "white")
    boxes = np.zeros((len(scene), 4), dtype=np.float32)
    for place, row in enumerate(np.argsort(scene.labels, kind="stable")):
        x, y = place % columns * TILE, place // columns * TILE
        tile = ImageOps.pad(read_picture(scene.files[row]), (TILE - 2 * GAP, TILE - 2 * GAP), color="white")
        sheet.paste(tile, (x + GAP, y + GAP))
        boxes[row] = (x + GAP, y + GAP, x + TILE - GAP, y + TILE - GAP)
    return np.asarray(sheet), boxes
