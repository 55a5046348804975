"""How much of a shelf each product has: facings, and the length of shelf that they take up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.shelf.rows import find_rows


@dataclass(frozen=True)
class Share:
    """What one group has of a row, of a photo or of a store.

    Attributes:
        cluster: The group; -1 for all items alone.
        rows: The rows it stands in; empty for a store.
        facings: Its visible units, stacked ones too.
        facings_wide: Its facings without those that stand on the same product.
        share: Its part of the occupied shelf length, 0..1; the shares of one shelf sum to 1.
    """

    cluster: int
    rows: tuple[int, ...]
    facings: int
    facings_wide: int
    share: float


@dataclass(frozen=True)
class Shelf:
    """The detections of a photo as a shelf.

    Attributes:
        labels: Group of each detection (n,), -1 for one alone.
        row: Its row (n,), from 1 at the top.
        is_wide: Whether it stands on no other of its product (n,).
        length: The length of shelf that it takes up (n,), in units of the median box size.
    """

    labels: NDArray[np.int64]
    row: NDArray[np.int64]
    is_wide: NDArray[np.bool_]
    length: NDArray[np.float64]

    @classmethod
    def of_boxes(cls, boxes: ArrayLike, labels: NDArray[np.int64]) -> Self:
        """Return the shelf of a photo's boxes (n, 4) and their groups (n,)."""
        given = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
        rows = find_rows(given)
        # Each detection alone is a product of its own.
        products = np.where(labels < 0, -1 - np.arange(len(labels)), labels)
        length = np.zeros(len(given))
        for row in np.unique(rows.row):
            here = rows.row == row
            length[here] = occupied_lengths(given[here][:, [0, 2]], products[here])
        sizes = np.sqrt((given[:, 2] - given[:, 0]) * (given[:, 3] - given[:, 1]))
        on_same = (rows.below >= 0) & (products[rows.below] == products) if len(given) else rows.below >= 0
        return cls(labels, rows.row, ~on_same, length / (np.median(sizes) if len(sizes) else 1))

    def by_group(self) -> list[Share]:
        """Return what each group has of the photo."""
        return self._shares(np.ones(len(self.labels), dtype=bool))

    def by_row(self) -> list[Share]:
        """Return what each group has of each of its rows, row by row."""
        return [share for row in np.unique(self.row) for share in self._shares(self.row == row)]

    def _shares(self, chosen: NDArray[np.bool_]) -> list[Share]:
        return _shares(self.labels[chosen], self.is_wide[chosen], self.length[chosen], self.row[chosen])


def store_shares(shelves: Sequence[Shelf]) -> list[Share]:
    """Return what each group has of all shelves together, whose groups are numbered in common."""
    if not shelves:
        return []
    columns = [(shelf.labels, shelf.is_wide, shelf.length) for shelf in shelves]
    labels, is_wide, length = (np.concatenate(values) for values in zip(*columns, strict=True))
    return _shares(labels, is_wide, length, None)


def occupied_lengths(extents: NDArray[np.float64], products: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the length of one row that each box takes up.

    Where boxes of several products lie over a piece of the row, as stacked ones do, the products have equal parts of
    it; so do the boxes of one product. The sum is the length over which there is anything.

    Args:
        extents: Shape (n, 2), left and right side of each box.
        products: Shape (n,).
    """
    edges = np.unique(extents)
    covers = (extents[:, :1] <= edges[:-1]) & (extents[:, 1:] >= edges[1:])
    kinds, kind = np.unique(products, return_inverse=True)
    boxes_of = np.zeros((len(kinds), covers.shape[1]))
    np.add.at(boxes_of, kind, covers)
    ways = boxes_of[kind] * (boxes_of > 0).sum(axis=0)
    return np.asarray((np.diff(edges) * covers / np.maximum(ways, 1)).sum(axis=1))


def _shares(
    labels: NDArray[np.int64],
    is_wide: NDArray[np.bool_],
    length: NDArray[np.float64],
    row: NDArray[np.int64] | None,
) -> list[Share]:
    total = float(length.sum())
    found = []
    for cluster in np.unique(labels):
        own = labels == cluster
        rows = () if row is None else tuple(np.unique(row[own]).tolist())
        part = float(length[own].sum()) / total
        found.append(Share(int(cluster), rows, int(own.sum()), int(is_wide[own].sum()), part))
    return found
