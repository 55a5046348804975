"""The training whose memory the benchmark watches, from photos to checkpoint."""

from __future__ import annotations

import re
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytorch_lightning as pl
import torch
from PIL import Image

from datamodules.crops import CropTable
from datamodules.scene import Scene
from datamodules.sources.source_data import SourceData
from scripts.benchmarks.timing.measure import Job
from scripts.benchmarks.work.project_training import fit

CROP_SIDE = 64
# Rows and columns of a photo.
GRID = 10
CROPS_PER_PHOTO = GRID * GRID
NUM_PRODUCTS = 50
EPOCHS = 2
STATUS = Path("/proc/self/status")
SECONDS_BETWEEN = 0.02


def write_photos(folder: Path, count: int, seed: int) -> None:
    """Write `count` photos of 10 x 10 crops, all with the same pixels."""
    folder.mkdir(parents=True)
    side = GRID * CROP_SIDE
    pixels = np.random.default_rng(seed).integers(0, 256, (side // 8, side // 8, 3), dtype=np.uint8)
    first = folder / "photo000000.jpg"
    Image.fromarray(pixels).resize((side, side)).save(first)
    for number in range(1, count):
        shutil.copy(first, folder / f"photo{number:06d}.jpg")


def train(folder: str, megabytes: float, threads: int, seed: int) -> Job:
    """Decode the photos of a folder and train on them; the scores are megabytes by part of the training."""
    torch.set_num_threads(threads)

    def work() -> dict[str, float]:
        with MemoryWatch() as watch:
            source = PhotosOfCrops(Path(folder) / "photos", seed, watch)
            changes = [f"backbone.image_size={CROP_SIDE}", f"datamodule.resident_megabytes={megabytes}"]
            fit(source, PartMarks(watch), [*changes, f"trainer.max_epochs={EPOCHS}"], Path(folder))
        return watch.highest

    return work, dict


@dataclass(frozen=True)
class PhotosOfCrops:
    """Photos of 10 x 10 crops whose products are drawn at random; a tenth of the photos is for validation.

    Attributes:
        folder: The photos.
        seed: Of the products.
        watch: Is told when the crops are asked for.
    """

    folder: Path
    seed: int
    watch: MemoryWatch

    def load(self) -> SourceData:
        """Return the crops."""
        self.watch.part = "decoding"
        generator = np.random.default_rng(self.seed)
        top, left = np.divmod(np.arange(CROPS_PER_PHOTO), GRID) * np.array(CROP_SIDE)
        boxes = np.stack([left, top, left + CROP_SIDE, top + CROP_SIDE], axis=1).astype(np.float32)
        ids = tuple(map(str, range(CROPS_PER_PHOTO)))
        photos = [
            Scene(path.stem, ids, path, boxes, labels=generator.integers(0, NUM_PRODUCTS, CROPS_PER_PHOTO))
            for path in sorted(self.folder.iterdir())
        ]
        held_out = max(1, len(photos) // 10)
        training = CropTable.concatenate([photo.crops() for photo in photos[held_out:]])
        return SourceData([f"product {number}" for number in range(NUM_PRODUCTS)], training, photos[:held_out])


class MemoryWatch:
    """Looks at the process's memory many times a second and keeps the highest of each part, in megabytes."""

    def __init__(self) -> None:
        self.part, self.highest = "loaded", dict[str, float]()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_again, daemon=True)

    def __enter__(self) -> MemoryWatch:
        self.look()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def look(self) -> None:
        """Look at the memory now, where the system tells it."""
        if STATUS.is_file():
            found = dict(re.findall(r"^(VmRSS|RssAnon):\s*(\d+) kB", STATUS.read_text(), re.MULTILINE))
            for part, name in ((self.part, "VmRSS"), ("anonymous", "RssAnon")):
                self.highest[part] = max(self.highest.get(part, 0.0), int(found[name]) / 2**10)

    def _look_again(self) -> None:
        while not self._ended.wait(SECONDS_BETWEEN):
            self.look()


class PartMarks(pl.Callback):
    """Tells a watch which epoch it is."""

    def __init__(self, watch: MemoryWatch) -> None:
        self.watch = watch

    def setup(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        """Mark the end of the decoding."""
        self.watch.part = "setup"

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Mark the beginning of an epoch."""
        self.watch.part = f"epoch {trainer.current_epoch}"

    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Mark the end of the epochs."""
        self.watch.part = "end"
