"""Which crops stand together in a training batch."""

from collections.abc import Iterator

import numpy as np
import torch
from torch.utils.data import BatchSampler, RandomSampler, Sampler, WeightedRandomSampler

SAMPLERS = ("shuffled", "balanced", "classes")


def check_sampling(sampler: str, batch_size: int, crops_per_class: int) -> None:
    """Raises a ValueError if a sampler is unknown or its sizes are out of their range."""
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


def training_batches(sampler: str, labels: np.ndarray, batch_size: int, crops_per_class: int) -> Sampler[list[int]]:
    """Returns the batches of an epoch, each a list of rows.

    Args:
        sampler: "shuffled", "balanced" to draw every product equally often, or "classes" for :class:`ClassBatches`.
        labels: Classes 0..C-1 of the training crops, (n,).
        batch_size: Crops per batch.
        crops_per_class: Crops of each product of a batch; read by "classes" alone.
    """
    if sampler == "classes":
        return ClassBatches(labels, batch_size // crops_per_class, crops_per_class)
    drawn: Sampler[int] = RandomSampler(labels)
    if sampler == "balanced":
        drawn = WeightedRandomSampler((1.0 / np.bincount(labels)[labels]).tolist(), len(labels))
    return BatchSampler(drawn, batch_size, drop_last=False)


class ClassBatches(Sampler[list[int]]):
    """Batches of P products with K crops each (Hermans et al., In Defense of the Triplet Loss, 2017).

    Losses that compare the crops of a batch with one another need several of each product. Products are drawn evenly;
    a product with fewer than K crops gives each of them, and some again. An epoch holds as many crops as there are.

    Args:
        labels: Classes 0..C-1 of the training crops, (n,), each with at least one crop.
        classes: Products P per batch; all of them where there are fewer.
        crops_per_class: Crops K of each.
    """

    def __init__(self, labels: np.ndarray, classes: int, crops_per_class: int) -> None:
        order = torch.from_numpy(np.argsort(labels, kind="stable"))
        self.rows = order.split(np.bincount(labels).tolist())
        self.classes, self.crops_per_class = min(classes, len(self.rows)), crops_per_class
        self.count = len(labels)

    def __len__(self) -> int:
        return -(-self.count // (self.classes * self.crops_per_class))

    def __iter__(self) -> Iterator[list[int]]:
        for _ in range(len(self)):
            chosen = torch.randperm(len(self.rows))[: self.classes].tolist()
            yield torch.cat([self._crops_of(number) for number in chosen]).tolist()

    def _crops_of(self, number: int) -> torch.Tensor:
        rows = self.rows[number]
        order = torch.randperm(len(rows))
        return rows[order[torch.arange(self.crops_per_class) % len(rows)]]
