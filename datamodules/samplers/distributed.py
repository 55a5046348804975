"""What of each batch a process takes where several train together."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Sampler

from datamodules.samplers.batches import EpochBatches


@dataclass(frozen=True)
class RankBatch:
    """One process's part of a batch.

    Attributes:
        rows: Rows of the crops (m,).
        counted: False (m,) for a crop that only fills up: all processes take equally many, for they exchange results.
        places: Place of each crop in the batch of all processes (m,).
    """

    rows: NDArray[np.int64]
    counted: NDArray[np.bool_]
    places: NDArray[np.int64]


class DistributedBatches(Sampler[RankBatch]):
    """Deals every batch out to the processes, so that together they take the steps that one process would take.

    Args:
        batches: The batches of all processes together.
        rank: This process, 0..world_size - 1.
        world_size: Number of processes.
    """

    def __init__(self, batches: EpochBatches, rank: int = 0, world_size: int = 1) -> None:
        self.batches, self.rank, self.world_size = batches, rank, world_size

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch comes next; Lightning calls it."""
        self.batches.set_epoch(epoch)

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[RankBatch]:
        for rows in self.batches:
            # In the order of the file: a disk reads forwards, and the order within a batch has no effect.
            rows = np.sort(rows)
            own = self.rank + self.world_size * np.arange(-(-len(rows) // self.world_size))
            counted = own < len(rows)
            own = np.where(counted, own, 0)
            yield RankBatch(rows[own], counted, own)
