"""Crops on disk for the benchmark of training: a user's own, or made-up ones of the same number and size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from datamodules.crops import CropTable
from datamodules.pictures import is_picture
from datamodules.scene import Scene
from datamodules.sources.source_data import SourceData

NUM_PRODUCTS = 27
NUM_PHOTOS = 226
CROP_SIZE = (208, 391)
PHOTO_SIZE = (2464, 3280)
NUM_BOXES = 63
SMALLEST_SCENE = 8


def write_crops(folder: Path, count: int, seed: int) -> None:
    """Write `count` JPEGs into a folder per product; files are named PHOTO--NUMBER.jpg, sizes vary by a quarter."""
    generator = np.random.default_rng(seed)
    colours = generator.integers(30, 226, (NUM_PRODUCTS, 12, 6, 3), dtype=np.uint8)
    for number in range(count):
        product = int(NUM_PRODUCTS * generator.random() ** 2)
        path = folder / f"product {product:02d}" / f"photo{generator.integers(NUM_PHOTOS):03d}--{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        width, height = (round(side * generator.uniform(0.75, 1.25)) for side in CROP_SIZE)
        picture = Image.fromarray(colours[product]).resize((width, height), Image.Resampling.BICUBIC)
        picture.effect_spread(2).save(path, quality=90)


def write_photo(path: Path, seed: int) -> np.ndarray:
    """Write a photo of a shelf's size and return its boxes (63, 4)."""
    generator = np.random.default_rng(seed)
    small = generator.integers(30, 226, (PHOTO_SIZE[1] // 16, PHOTO_SIZE[0] // 16, 3), dtype=np.uint8)
    Image.fromarray(small).resize(PHOTO_SIZE, Image.Resampling.BILINEAR).save(path, quality=85)
    columns, rows = np.meshgrid(np.arange(9), np.arange(7))
    corners = np.stack([columns.ravel() * 260 + 60, rows.ravel() * 440 + 60], axis=1)
    return np.concatenate([corners, corners + np.array(CROP_SIZE)], axis=1).astype(np.float32)


@dataclass(frozen=True)
class TimedSource:
    """Crops below a folder, four fifths of them for training; a photo without labels is grouped and drawn too.

    Attributes:
        root: Folder with a folder per product.
        photo: The photo's file.
        boxes: Its boxes (n, 4).
        seed: Order in which crops are dealt out.
    """

    root: Path
    photo: Path
    boxes: np.ndarray
    seed: int

    def load(self) -> SourceData:
        """Return the crops; validation crops of one photo are a scene if they are enough."""
        files = sorted(path for path in self.root.rglob("*") if is_picture(path))
        products, labels = np.unique(
            [path.parent.relative_to(self.root).as_posix() for path in files], return_inverse=True
        )
        found = [re.match(r"^(.+?)--", path.name) for path in files]
        table = CropTable.whole_pictures(
            [str(path) for path in files], labels.tolist(), [match.group(1) if match else "" for match in found]
        )
        order = np.random.default_rng(self.seed).permutation(len(table))
        training, held_out = np.split(order, [round(0.8 * len(table))])
        shelf = Scene("shelf", tuple(map(str, range(len(self.boxes)))), photo=self.photo, boxes=self.boxes)
        # The boxes count as validation crops, so that their number is that of the comparison.
        scenes, unplaced = _scenes(table.take(np.sort(held_out[len(self.boxes) :])))
        return SourceData(products.tolist(), table.take(np.sort(training)), [*scenes, shelf], unplaced)


def _scenes(table: CropTable) -> tuple[list[Scene], CropTable]:
    names, photo, counts = np.unique(table.photos, return_inverse=True, return_counts=True)
    large = (counts >= SMALLEST_SCENE) & (names != "")
    scenes = []
    for number in np.flatnonzero(large):
        crops = table.take(photo == number)
        files = tuple(map(Path, crops.files))
        scenes.append(Scene(str(names[number]), tuple(map(str, files)), files=files, labels=crops.labels))
    return scenes, table.take(~large[photo])
