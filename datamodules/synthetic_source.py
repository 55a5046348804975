"""The built-in data set: rendered shelves, made on first use and cached."""

import hashlib
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from datamodules.collection import Collection
from datamodules.crops import CropTable
from datamodules.scene import Scene
from datamodules.synthetic.shelves import VERSION, product_names, read_shelves, write_shelves

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SyntheticSource:
    """Rendered shelves: crops of the training photos, and test photos that also hold products unseen in training.

    Attributes:
        num_brands: Brands in the catalogue, each with several look-alike variants.
        num_train_photos: Photos whose crops are trained on.
        num_test_photos: Photos that are grouped at validation.
        unseen_fraction: Share of the products that occur in test photos only.
        photo_width: Width of a photo in pixels.
        photo_height: Height of a photo in pixels.
        shelves_seed: Seed of catalogue and photos, apart from the training's seed.
        cache_dir: Folder in which the photos are kept.
        workers: Processes that render.
    """

    num_brands: int = 16
    num_train_photos: int = 48
    num_test_photos: int = 12
    unseen_fraction: float = 0.3
    photo_width: int = 1600
    photo_height: int = 1200
    shelves_seed: int = 0
    cache_dir: str = "cache"
    workers: int = 2

    def load(self) -> Collection:
        """Returns the crops of the training photos and the test photos as labelled scenes."""
        folder = self.folder()
        photos = read_shelves(folder)
        training = [photo for photo in photos if photo.split == "train"]
        scenes = [
            Scene(f"shelf {number}", photo.ids, photo.path, photo.boxes, labels=photo.products)
            for number, photo in enumerate(photo for photo in photos if photo.split == "test")
        ]
        crops = [
            CropTable(
                files=np.full(len(photo.ids), str(photo.path)),
                boxes=photo.boxes,
                labels=photo.products,
                photos=np.full(len(photo.ids), photo.path.name),
            )
            for photo in training
        ]
        return Collection(product_names(folder), CropTable.concatenate(crops), scenes)

    def folder(self) -> Path:
        """Returns the folder with the photos, rendering them if it is not there."""
        parameters = asdict(self)
        cache, workers = Path(parameters.pop("cache_dir")), parameters.pop("workers")
        digest = hashlib.sha256(json.dumps({"version": VERSION, **parameters}, sort_keys=True).encode()).hexdigest()[
            :12
        ]
        folder = cache / f"shelves-{digest}"
        if not folder.is_dir():
            log.info("Rendering %d shelf photos into %s", self.num_train_photos + self.num_test_photos, folder)
            write_shelves(folder, seed=parameters.pop("shelves_seed"), workers=workers, **parameters)
        return folder
