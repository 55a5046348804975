"""The built-in data set: rendered shelves, made on first use and cached."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from datamodules.crops import CropTable
from datamodules.scene import Scene
from datamodules.sources.corruption import corrupt, corruption_of
from datamodules.sources.label_map import read_label_map
from datamodules.sources.source_data import SourceData
from datamodules.synthetic.shelves import VERSION, product_names, read_shelves, write_shelves
from datamodules.whole_folder import whole_folder

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SyntheticSource:
    """Rendered shelves: crops of the training photos, and test photos that also hold products unseen in training.

    Attributes:
        num_brands: Brands in the catalogue, each with several look-alike variants.
        num_train_photos: Photos whose crops are trained on.
        num_test_photos: Photos that are grouped at validation.
        unseen_fraction: Fraction of the products that occur in test photos only.
        photo_width: Width of a photo in pixels.
        photo_height: Height of a photo in pixels.
        shelves_seed: Seed of catalogue and photos, apart from the training's seed.
        cache_dir: Folder in which the photos are kept.
        workers: Processes that render.
        label_map: YAML of classes to be merged or dropped and crops to be dropped, or None.
        corrupt: Label noise injected into the training crops, see :class:`Corruption`. The scenes keep the
            true products: a twin's name occurs in none of them, and the product that lies under another one's name
            counts as unseen, because no training class stands for it alone.
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
    label_map: str | None = None
    corrupt: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        corruption_of(self.corrupt)

    def load(self) -> SourceData:
        """Return the crops of the training photos and the test photos as labelled scenes.

        Raises:
            ValueError: If the label map names what is not there.
        """
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
        products, table, warnings = self._corrupted(product_names(folder), CropTable.concatenate(crops), folder)
        if self.label_map is not None:
            products, table, places = read_label_map(Path(self.label_map)).apply(products, table, folder)
            scenes = [replace(scene, labels=places[scene.labels]) for scene in scenes]
        return SourceData(products, table, scenes, warnings=warnings)

    def folder(self) -> Path:
        """Return the folder with the photos, rendering them if it is not there."""
        parameters = asdict(self)
        cache, workers = Path(parameters.pop("cache_dir")), parameters.pop("workers")
        del parameters["label_map"], parameters["corrupt"]
        digest = hashlib.sha256(json.dumps({"version": VERSION, **parameters}, sort_keys=True).encode()).hexdigest()[
            :12
        ]
        folder = cache / f"shelves-{digest}"
        if not folder.is_dir():
            log.info("Rendering %d shelf photos into %s", self.num_train_photos + self.num_test_photos, folder)
            write_shelves(folder, seed=parameters.pop("shelves_seed"), workers=workers, **parameters)
        return folder

    def corruption_file(self) -> Path | None:
        """Return where :meth:`load` lists the label noise that it injects, or None if there is none."""
        corruption = corruption_of(self.corrupt)
        if not corruption.injects_noise:
            return None
        digest = hashlib.sha256(json.dumps(corruption._asdict(), sort_keys=True).encode()).hexdigest()[:8]
        return self.folder() / f"corrupt-{digest}" / "corruption.json"

    def _corrupted(
        self, products: list[str], table: CropTable, folder: Path
    ) -> tuple[list[str], CropTable, tuple[str, ...]]:
        """Return the data with injected label noise, which is written down beside the photos, and a warning of it."""
        path = self.corruption_file()
        if path is None:
            return products, table, ()
        products, table, truth = corrupt(products, table, corruption_of(self.corrupt), folder)
        if not path.is_file():
            with whole_folder(path.parent) as unfinished:
                (unfinished / path.name).write_text(json.dumps(truth, indent=1) + "\n")
        return products, table, (f"label noise is injected into the training crops; it is listed in {path}",)
