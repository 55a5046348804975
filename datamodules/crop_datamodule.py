"""The Lightning data module: batches of uint8 crops for training, the crops of all scenes for validation."""

import logging
from pathlib import Path

import numpy as np
import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.utils.data import BatchSampler, DataLoader, Dataset, Sampler, SequentialSampler

from datamodules.collection import Collection, Source
from datamodules.crop_store import CropStore, open_store
from datamodules.crops import CropTable, relative_log_sizes
from datamodules.sampling import check_sampling, training_batches
from datamodules.scene import Scene
from datamodules.transforms import CropTransform

LARGEST_PILE = 300

log = logging.getLogger(__name__)


class CropDataset(Dataset[dict[str, Tensor]]):
    """Batches of decoded crops; indexed by a list of rows, so that a batch is one read of the memory map."""

    def __init__(self, store: CropStore, labels: np.ndarray, sizes: np.ndarray) -> None:
        self.store = store
        self.labels = torch.from_numpy(labels)
        self.sizes = torch.from_numpy(sizes)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, rows: list[int]) -> dict[str, Tensor]:
        index = torch.as_tensor(rows)
        images = torch.from_numpy(self.store.images[np.asarray(rows)]).permute(0, 3, 1, 2)
        return {"image": images, "label": self.labels[index], "size": self.sizes[index], "index": index}


class RepeatedCrops(Dataset[dict[str, Tensor]]):
    """A view of decoded crops in which some stand several times; nothing is copied.

    Args:
        crops: The crops.
        rows: Row in ``crops`` of each crop of the view.
    """

    def __init__(self, crops: CropDataset, rows: np.ndarray) -> None:
        self.crops, self.rows = crops, rows
        self.labels = crops.labels[torch.from_numpy(rows)]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, rows: list[int]) -> dict[str, Tensor]:
        return self.crops[self.rows[rows].tolist()]


class CropDataModule(pl.LightningDataModule):
    """Training and validation batches of a data source.

    Args:
        source: Says what crops and scenes there are.
        transform: Resizing (used here) and the batch transform (used by the network).
        batch_size: Crops per step, at least 1.
        sampler: "shuffled", "balanced" to draw every product equally often, or "classes": few products, several crops
            of each.
        crops_per_class: Crops of each product in a batch of sampler "classes".
        cache_dir: Folder for decoded crops.
        num_workers: Processes that assemble batches; 0 reads in the main process, fastest for a memory map.

    Raises:
        ValueError: If an option is unknown or out of its range.
    """

    def __init__(
        self,
        source: Source,
        transform: CropTransform,
        batch_size: int = 100,
        sampler: str = "shuffled",
        crops_per_class: int = 4,
        cache_dir: str = "cache",
        num_workers: int = 0,
    ) -> None:
        super().__init__()
        check_sampling(sampler, batch_size, crops_per_class)
        self.source, self.transform, self.batch_size = source, transform, batch_size
        self.sampler, self.crops_per_class = sampler, crops_per_class
        self.cache_dir, self.num_workers = Path(cache_dir), num_workers
        self.collection: Collection | None = None

    def setup(self, stage: str | None = None) -> None:
        """Loads the source and decodes its crops, once."""
        if self.collection is not None:
            return
        collection = self.source.load()
        for note in collection.notes:
            log.warning(note)
        self.classes, labels, self.class_counts = np.unique(
            collection.training.labels, return_inverse=True, return_counts=True
        )
        if len(self.classes) < 2:
            raise ValueError(f"training needs crops of at least 2 products, found {len(self.classes)}")
        self.training = self._dataset(collection.training, labels)
        self.transform.fit(self.training.store.images)
        crops = [scene.crops() for scene in collection.scenes]
        self.validation_table = CropTable.concatenate([*crops, collection.loose])
        self.validation = self._dataset(self.validation_table, self._class_of(self.validation_table.labels))
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

    def seen(self, products: np.ndarray) -> np.ndarray:
        """Returns a mask (n,) of the products that are training classes."""
        return np.isin(products, self.classes)

    def describe_validation(self, rows: np.ndarray) -> list[list[str]]:
        """Returns the product's name and the scene's name of validation crops."""
        assert self.collection is not None, "call setup() first"
        names = [*self.collection.products, "unknown"]
        table = self.validation_table
        return [[names[table.labels[row]], str(table.photos[row])] for row in rows]

    def training_scenes(self, count: int) -> list[dict[str, Tensor]]:
        """Returns whole training photos, a batch each, until they hold about ``count`` crops.

        Where the crops' photos are not known, or hold one product each, evenly spread crops are one pile.
        """
        assert self.collection is not None, "call setup() first"
        photos, labels = self.collection.training.photos, self.training.labels.numpy()
        groups = _rows_by(photos)
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
        """Returns one batch of at most ``count`` training crops, spread evenly over the table."""
        total = len(self.training)
        return self.training[np.unique(np.linspace(0, total - 1, min(count, total)).astype(int)).tolist()]

    def train_dataloader(self) -> DataLoader:
        """Returns the training batches that the sampler draws."""
        crops = self._epoch()
        batches = training_batches(self.sampler, crops.labels.numpy(), self.batch_size, self.crops_per_class)
        return self._loader(crops, batches)

    def val_dataloader(self) -> DataLoader:
        """Returns all validation crops in the order of their rows."""
        rows = SequentialSampler(self.validation)
        return self._loader(self.validation, BatchSampler(rows, self.batch_size, drop_last=False))

    def _epoch(self) -> CropDataset | RepeatedCrops:
        assert self.collection is not None, "call setup() first"
        repeats = self.collection.repeats
        return (
            self.training if repeats is None else RepeatedCrops(self.training, np.arange(len(repeats)).repeat(repeats))
        )

    def _loader(self, dataset: Dataset[dict[str, Tensor]], batches: Sampler[list[int]]) -> DataLoader:
        return DataLoader(dataset, sampler=batches, batch_size=None, num_workers=self.num_workers)

    def _dataset(self, table: CropTable, labels: np.ndarray) -> CropDataset:
        store = open_store(table, self.transform.prepare, self.transform.store_key(), self.cache_dir)
        return CropDataset(store, labels.astype(np.int64), relative_log_sizes(store.sizes, table.photos))

    def _class_of(self, products: np.ndarray) -> np.ndarray:
        places = np.searchsorted(self.classes, products).clip(max=len(self.classes) - 1)
        return np.where(self.seen(products), places, -1)


def _rows_by(names: np.ndarray) -> dict[str, np.ndarray]:
    """Returns the rows of each name."""
    order = np.argsort(names, kind="stable")
    values, starts = np.unique(names[order], return_index=True)
    return dict(zip(values.tolist(), np.split(order, starts[1:]), strict=True))
