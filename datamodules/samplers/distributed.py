"""What of each batch a process takes where several train together."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from torch.utils.data import Sampler

from datamodules.samplers.batches import EpochBatches
from datamodules.transforms.augmentation import DRAWS


@dataclass(frozen=True)
class RankBatch:
    """One process's part of a batch.

    Attributes:
        rows: Rows of the crops (m,).
        counted: False (m,) for a crop that only fills up: all processes take equally many, for they exchange results.
        draws: Uniform numbers for the augmentation (m, 9) float32, or None.
    """

    rows: np.ndarray
    counted: np.ndarray
    draws: np.ndarray | None = None

    def of_rows(self, rows: np.ndarray) -> "RankBatch":
        """Returns the same share of a table of which ``rows`` is a view."""
        return replace(self, rows=rows[self.rows])


class DistributedBatches(Sampler[RankBatch]):
    """Deals every batch out to the processes, so that together they take the steps that one process would take.

    The numbers of the augmentation are drawn for whole batches: a crop is changed alike whoever takes it.

    Args:
        batches: The batches of all processes together.
        rank: This process, 0..world_size - 1.
        world_size: Number of processes.
        augments: Whether to draw numbers for the augmentation.
    """

    def __init__(self, batches: EpochBatches, rank: int = 0, world_size: int = 1, augments: bool = False) -> None:
        self.batches, self.rank, self.world_size, self.augments = batches, rank, world_size, augments

    def set_epoch(self, epoch: int) -> None:
        """Says which epoch comes next; Lightning calls it."""
        self.batches.set_epoch(epoch)

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[RankBatch]:
        for step, rows in enumerate(self.batches):
            # In the order of the file: a disk reads forwards, and the order within a batch has no effect.
            rows = np.sort(rows)
            own = self.rank + self.world_size * np.arange(-(-len(rows) // self.world_size))
            counted = own < len(rows)
            own = np.where(counted, own, 0)
            yield RankBatch(rows[own], counted, self._draws(step, len(rows))[own] if self.augments else None)

    def _draws(self, step: int, count: int) -> np.ndarray:
        generator = np.random.default_rng((self.batches.seed, self.batches.epoch, step))
        return generator.random((count, len(DRAWS)), dtype=np.float32)
