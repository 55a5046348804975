"""Which crops stand together in a training batch."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Sampler

from datamodules.rows import rows_by_value

SAMPLERS = ("shuffled", "fixed", "balanced", "sqrt", "classes")
# Products are drawn by this power of their number of crops.
POWERS = {"balanced": 0.0, "sqrt": 0.5}


def check_sampling(sampler: str, batch_size: int, crops_per_class: int) -> None:
    """Raise a ValueError if a sampler is unknown or its sizes are out of their range."""
    if batch_size < 1:
        raise ValueError(f"datamodule.batch_size must be at least 1, got {batch_size}")
    if sampler not in SAMPLERS:
        raise ValueError(f"sampler must be one of {', '.join(SAMPLERS)}, got {sampler!r}")
    if crops_per_class < 1:
        raise ValueError(f"datamodule.crops_per_class must be at least 1, got {crops_per_class}")
    if sampler == "classes" and batch_size < 2 * crops_per_class:
        raise ValueError(
            f"sampler=classes needs room for 2 products in a batch: datamodule.batch_size={batch_size} "
            f"is below 2 x datamodule.crops_per_class={crops_per_class}"
        )


class EpochBatches(Sampler[NDArray[np.int64]]):
    """The batches of an epoch, each an array of rows: the same ones in every process, others in every epoch.

    Args:
        count: Crops of an epoch.
        batch_size: Crops per batch; the last one may be smaller.
        seed: Of the draws, together with the epoch.
    """

    def __init__(self, count: int, batch_size: int, seed: int = 0) -> None:
        self.count, self.batch_size, self.seed, self.epoch = count, batch_size, seed, 0

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch comes next; Lightning calls it."""
        self.epoch = epoch

    def __len__(self) -> int:
        return -(-self.count // self.batch_size)

    def __iter__(self) -> Iterator[NDArray[np.int64]]:
        rows = self._rows(np.random.default_rng((self.seed, self.epoch)))
        return (rows[start : start + self.batch_size] for start in range(0, self.count, self.batch_size))

    def _rows(self, generator: np.random.Generator) -> NDArray[np.int64]:
        """Return all rows of an epoch in order, (count,)."""
        return np.arange(self.count)


class ShuffledBatches(EpochBatches):
    """Every crop once, in random order."""

    def _rows(self, generator: np.random.Generator) -> NDArray[np.int64]:
        return generator.permutation(self.count)


class FixedBatches(ShuffledBatches):
    """Every crop once, in an order that was random once: the same batches in every epoch."""

    def set_epoch(self, epoch: int) -> None:
        """Stay with the batches of the first epoch."""


class WeightedBatches(EpochBatches):
    """Products drawn by a power of their size, then one of its crops; as many crops an epoch as there are.

    Some crops come several times in an epoch and some not at all.

    Args:
        labels: Classes 0..C-1 of the training crops, (n,), each with at least one crop.
        batch_size: Crops per batch.
        power: 0 draws every product equally often, 0.5 by the root of its number of crops, 1 by that number.
        seed: Of the draws.
    """

    def __init__(self, labels: NDArray[np.int64], batch_size: int, power: float, seed: int = 0) -> None:
        super().__init__(len(labels), batch_size, seed)
        self.order, self.counts = np.argsort(labels, kind="stable"), np.bincount(labels)
        weights = self.counts.astype(float) ** power
        self.ends = np.cumsum(weights / weights.sum())

    def _rows(self, generator: np.random.Generator) -> NDArray[np.int64]:
        drawn = np.searchsorted(self.ends, generator.random(self.count), side="right")
        classes = np.minimum(drawn, len(self.counts) - 1)
        places = np.cumsum(self.counts) - self.counts
        return self.order[places[classes] + generator.integers(0, self.counts[classes])]


class ClassBatches(EpochBatches):
    """Batches of P products with K crops each (Hermans et al., In Defense of the Triplet Loss, 2017).

    Losses that compare the crops of a batch with one another need several of each product. Products are drawn evenly;
    a product with fewer than K crops gives each of them, and some again. An epoch holds as many crops as there are.

    Args:
        labels: Classes 0..C-1 of the training crops, (n,), each with at least one crop.
        classes: Products P per batch; all of them where there are fewer.
        crops_per_class: Crops K of each.
        seed: Of the draws.
    """

    def __init__(self, labels: NDArray[np.int64], classes: int, crops_per_class: int, seed: int = 0) -> None:
        self.rows = list(rows_by_value(labels).values())
        self.classes, self.crops_per_class = min(classes, len(self.rows)), crops_per_class
        super().__init__(len(labels), self.classes * crops_per_class, seed)

    def __iter__(self) -> Iterator[NDArray[np.int64]]:
        generator = np.random.default_rng((self.seed, self.epoch))
        for _ in range(len(self)):
            chosen = generator.permutation(len(self.rows))[: self.classes]
            yield np.concatenate([self._crops_of(number, generator) for number in chosen])

    def _crops_of(self, number: int, generator: np.random.Generator) -> NDArray[np.int64]:
        rows = self.rows[number]
        return rows[generator.permutation(len(rows))[np.arange(self.crops_per_class) % len(rows)]]


def training_batches(
    sampler: str, labels: NDArray[np.int64], batch_size: int, crops_per_class: int, seed: int = 0
) -> EpochBatches:
    """Return the batches of an epoch.

    Args:
        sampler: "shuffled", "fixed" for the same batches in every epoch, "balanced" to draw every product equally
            often, "sqrt" by the root of its number of crops, or "classes" for :class:`ClassBatches`.
        labels: Classes 0..C-1 of the training crops, (n,).
        batch_size: Crops per batch.
        crops_per_class: Crops of each product of a batch; read by "classes" alone.
        seed: Of the draws.
    """
    if sampler == "classes":
        return ClassBatches(labels, batch_size // crops_per_class, crops_per_class, seed)
    if sampler in POWERS:
        return WeightedBatches(labels, batch_size, POWERS[sampler], seed)
    return (FixedBatches if sampler == "fixed" else ShuffledBatches)(len(labels), batch_size, seed)
