"""The Lightning data module: batches of uint8 crops for training, the crops of all scenes for validation."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytorch_lightning as pl
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from datamodules.crop_cache.bounded_map import BoundedMap
from datamodules.crop_cache.crop_store import CropStore, open_store
from datamodules.crop_cache.growth import growth_told
from datamodules.crops import CropTable, relative_log_sizes
from datamodules.pictures import read_picture
from datamodules.rows import rows_by_value
from datamodules.samplers.batches import EpochBatches, check_sampling, training_batches
from datamodules.samplers.distributed import DistributedBatches, RankBatch
from datamodules.scene import Scene
from datamodules.sources.source_data import Source, SourceData, with_usable_pictures
from datamodules.transforms.crop_resize import CropResize

LARGEST_PILE = 300
# Of notes on pictures, which may be as many as there are pictures.
NOTES_SHOWN = 20

log = logging.getLogger(__name__)


class CropDataset(Dataset[dict[str, Tensor]]):
    """Batches of decoded crops; indexed by many rows, so that a batch is one read of the memory map.

    Args:
        store: Decoded crops.
        labels: Class of each (n,), -1 for none.
        sizes: Relative log width and height of each (n, 2).
        resident_megabytes: Memory that the decoded crops may take of this process; None for no bound.
    """

    def __init__(
        self,
        store: CropStore,
        labels: NDArray[np.int64],
        sizes: NDArray[np.float32],
        resident_megabytes: float | None = None,
    ) -> None:
        self.store = store
        self.images = BoundedMap(store.images, resident_megabytes)
        self.labels = torch.from_numpy(labels)
        self.sizes = torch.from_numpy(sizes)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, rows: Sequence[int] | NDArray[np.int64]) -> dict[str, Tensor]:
        numbers = np.asarray(rows)
        index = torch.from_numpy(numbers)
        images = torch.from_numpy(self.images.read(numbers)).permute(0, 3, 1, 2)
        return {"image": images, "label": self.labels[index], "size": self.sizes[index], "index": index}


class EpochCrops(Dataset[dict[str, Tensor]]):
    """The crops of an epoch, some of which may stand several times in it; indexed by one process's part of a batch.

    A crop that is not counted has the index -1.

    Args:
        crops: Decoded crops.
        rows: Row in ``crops`` of each crop of the epoch, (n,).
    """

    def __init__(self, crops: CropDataset, rows: NDArray[np.int64]) -> None:
        self.crops, self.rows = crops, rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, part: RankBatch) -> dict[str, Tensor]:
        rows = self.rows[part.rows]
        index = np.where(part.counted, rows, -1)
        return self.crops[rows] | {"index": torch.from_numpy(index), "place": torch.from_numpy(part.places)}


class CropDataModule(pl.LightningDataModule):
    """Training and validation batches of a data source.

    Args:
        source: Says what crops and scenes there are.
        resize: From a cut crop to the square that the network takes.
        batch_size: Crops per step of all processes together, at least 1.
        sampler: "shuffled", "balanced" to draw every product equally often, "sqrt" by the root of its number of
            crops, or "classes": few products, several crops of each.
        crops_per_class: Crops of each product in a batch of sampler "classes".
        cache_dir: Folder for decoded crops.
        num_workers: Processes that assemble batches; 0 reads in the main process, fastest for a memory map.
        seed: Of the batches; the same in all processes.
        resident_megabytes: Memory that decoded crops may take of each process; None for no bound.

    Raises:
        ValueError: If an option is unknown or out of its range.
    """

    def __init__(
        self,
        source: Source,
        resize: CropResize,
        batch_size: int = 100,
        sampler: str = "shuffled",
        crops_per_class: int = 4,
        cache_dir: str = "cache",
        num_workers: int = 0,
        seed: int = 0,
        resident_megabytes: float | None = 1000,
    ) -> None:
        super().__init__()
        check_sampling(sampler, batch_size, crops_per_class)
        self.source, self.resize, self.batch_size = source, resize, batch_size
        self.sampler, self.crops_per_class = sampler, crops_per_class
        self.cache_dir, self.num_workers, self.seed = Path(cache_dir), num_workers, seed
        self.resident_megabytes = resident_megabytes
        self.collection: SourceData | None = None

    def setup(self, stage: str | None = None) -> None:
        """Load the source and decodes its crops, once."""
        if self.collection is not None:
            return
        with growth_told(self.cache_dir):
            collection, stores = with_usable_pictures(self.source.load(), self._open_stores)
        for note in (*collection.warnings, *(note for store in stores for note in store.notes[:NOTES_SHOWN])):
            log.warning(note)
        self.classes, labels, self.class_counts = np.unique(
            collection.training.labels, return_inverse=True, return_counts=True
        )
        if len(self.classes) < 2:
            raise ValueError(f"training needs crops of at least 2 products, found {len(self.classes)}")
        self.training = self._dataset(stores[0], collection.training, labels)
        self.validation_table = _validation_table(collection)
        labels = self._class_of(self.validation_table.labels)
        self.validation = self._dataset(stores[1], self.validation_table, labels)
        self.collection = collection

    @property
    def scenes(self) -> list[Scene]:
        """The validation scenes; their crops are the first rows of the validation data, in order."""
        assert self.collection is not None, "call setup() first"
        return self.collection.scenes

    @property
    def class_names(self) -> list[str]:
        """Names of the training products in the order of the head's classes."""
        assert self.collection is not None, "call setup() first"
        return [self.collection.products[product] for product in self.classes]

    def seen(self, products: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return a mask (n,) of the products that are training classes."""
        return np.isin(products, self.classes)

    def pixels_of(self, photo: Path) -> NDArray[np.uint8]:
        """Return a scene's photo (h, w, 3) as its boxes count its pixels."""
        return np.asarray(read_picture(photo))

    def describe_validation(self, rows: NDArray[np.int64]) -> list[list[str]]:
        """Return the product's name and the scene's name of validation crops."""
        assert self.collection is not None, "call setup() first"
        names = [*self.collection.products, "unknown"]
        table = self.validation_table
        return [[names[table.labels[row]], str(table.photos[row])] for row in rows]

    def training_scenes(self, count: int) -> list[dict[str, Tensor]]:
        """Return whole training photos, a batch each, until they hold about ``count`` crops.

        Where the crops' photos are not known, or hold one product each, evenly spread crops are one pile.
        """
        assert self.collection is not None, "call setup() first"
        photos, labels = self.collection.training.photos, self.training.labels.numpy()
        groups = rows_by_value(photos)
        scenes = [rows for name, rows in groups.items() if name and len(np.unique(labels[rows])) > 1]
        order = np.random.default_rng(0).permutation(len(scenes))
        chosen, total = [], 0
        for number in order:
            if total >= count:
                break
            chosen.append(self.training[scenes[number].tolist()])
            total += len(scenes[number])
        return chosen or [self.training_sample(min(count, LARGEST_PILE))]

    def training_sample(self, count: int) -> dict[str, Tensor]:
        """Return one batch of at most ``count`` training crops, spread evenly over the table."""
        total = len(self.training)
        return self.training[np.unique(np.linspace(0, total - 1, min(count, total)).astype(int)).tolist()]

    def train_dataloader(self) -> DataLoader:
        """Return the training batches that the sampler draws."""
        assert self.collection is not None, "call setup() first"
        rows, repeats = np.arange(len(self.training)), self.collection.repeats
        rows = rows if repeats is None else rows.repeat(repeats)
        labels = self.training.labels.numpy()[rows]
        batches = training_batches(self.sampler, labels, self.batch_size, self.crops_per_class, self.seed)
        return self._loader(EpochCrops(self.training, rows), batches)

    def val_dataloader(self) -> DataLoader:
        """Return all validation crops in the order of their rows."""
        count = len(self.validation)
        return self._loader(EpochCrops(self.validation, np.arange(count)), EpochBatches(count, self.batch_size))

    def _loader(self, crops: EpochCrops, batches: EpochBatches) -> DataLoader:
        rank, world_size = (self.trainer.global_rank, self.trainer.world_size) if self.trainer else (0, 1)
        parts = DistributedBatches(batches, rank, world_size)
        return DataLoader(crops, sampler=parts, batch_size=None, num_workers=self.num_workers)

    def _open_stores(self, collection: SourceData) -> tuple[CropStore, CropStore]:
        """Return the decoded crops of training and validation."""
        training = open_store(collection.training, self.resize, self.cache_dir)
        return training, open_store(_validation_table(collection), self.resize, self.cache_dir)

    def _dataset(self, store: CropStore, table: CropTable, labels: NDArray[np.int64]) -> CropDataset:
        sizes = relative_log_sizes(store.sizes, table.photos)
        return CropDataset(store, labels.astype(np.int64), sizes, self.resident_megabytes)

    def _class_of(self, products: NDArray[np.int64]) -> NDArray[np.int64]:
        places = np.searchsorted(self.classes, products).clip(max=len(self.classes) - 1)
        return np.where(self.seen(products), places, -1)


def _validation_table(collection: SourceData) -> CropTable:
    """Return the crops of all scenes, in order, and those in none."""
    return CropTable.concatenate([*(scene.crops() for scene in collection.scenes), collection.unplaced_crops])
