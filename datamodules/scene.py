"""A scene: the detections of one photo that are grouped together."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from datamodules.crops import CropTable


@dataclass(frozen=True)
class Scene:
    """Detections of one photo: either a photo with boxes, or crops that were cut from one photo earlier.

    Attributes:
        name: What the scene is called in logs; unique within a data set.
        ids: One unique name per detection, (n,).
        photo: The photo's file, or None where only its crops are at hand.
        boxes: Boxes in the photo (n, 4) float32, or None.
        files: The crop's file of each detection, where there is no photo.
        labels: Product of each detection (n,) int64, -1 where it alone is unknown, or None where all are.
        products: Name of each product number in labels; empty where the data set holds the names.
        source: Name of the source that the scene is from, where there are several; else empty.
        warnings: What a person should know before relying on the boxes.

    Raises:
        ValueError: If lengths disagree, ids repeat, a product has no name, or a box has no area.
    """

    name: str
    ids: tuple[str, ...]
    photo: Path | None = None
    boxes: NDArray[np.float32] | None = None
    files: tuple[Path, ...] = ()
    labels: NDArray[np.int64] | None = None
    products: tuple[str, ...] = ()
    source: str = ""
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.photo is None) == (not self.files) or (self.photo is None) != (self.boxes is None):
            raise ValueError(f"scene {self.name} needs either a photo with boxes or the files of its crops")
        for what, values in (("boxes", self.boxes), ("files", self.files or None), ("labels", self.labels)):
            if values is not None and len(values) != len(self.ids):
                raise ValueError(f"scene {self.name} has {len(self.ids)} ids but {len(values)} {what}")
        if len(set(self.ids)) != len(self.ids):
            repeated = Counter(self.ids).most_common(1)[0][0]
            raise ValueError(f"scene {self.name} has the id {repeated!r} more than once; ids must be unique")
        if self.products and self.labels is not None and self.labels.max(initial=-1) >= len(self.products):
            raise ValueError(f"scene {self.name} has product {self.labels.max()} but {len(self.products)} names")
        if self.boxes is not None:
            check_boxes(self.boxes, self.ids, self.name)

    def __len__(self) -> int:
        return len(self.ids)

    def numbered_in(self, products: list[str]) -> "Scene":
        """Return the scene with a data set's product numbers instead of its own; names new to the set are appended.

        Args:
            products: Name of each product of the data set, extended in place.
        """
        if self.labels is None or not self.products:
            return self
        products.extend(name for name in self.products if name not in products)
        numbers = np.array([*map(products.index, self.products), -1], dtype=np.int64)
        return replace(self, labels=numbers[self.labels], products=())

    def without(self, files: Set[str]) -> "Scene | None":
        """Return the scene without the crops of these picture files, None where nothing is left."""
        kept = [row for row, file in enumerate(self.files) if str(file) not in files]
        if self.photo is not None:
            return None if str(self.photo) in files else self
        if len(kept) == len(self):
            return self
        labels = None if self.labels is None else self.labels[kept]
        ids, own = tuple(self.ids[row] for row in kept), tuple(self.files[row] for row in kept)
        return replace(self, ids=ids, files=own, labels=labels) if kept else None

    def crops(self) -> CropTable:
        """Return the scene's detections as rows of a table; unknown products are -1."""
        count = len(self)
        labels = self.labels if self.labels is not None else np.full(count, -1, dtype=np.int64)
        files = self.files or (self.photo,) * count
        return CropTable(
            files=np.array([str(file) for file in files], dtype=str),
            boxes=self.boxes if self.boxes is not None else np.full((count, 4), np.nan, dtype=np.float32),
            labels=labels,
            photos=np.full(count, self.name, dtype=f"<U{max(1, len(self.name))}"),
        )


def check_boxes(boxes: NDArray[np.float32 | np.float64], ids: tuple[str, ...], source: str) -> None:
    """Check that boxes (n, 4) are finite and have an area.

    Raises:
        ValueError: Naming the source and the first box at fault.
    """
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(f"{source}: boxes must have the shape (n, 4), got {boxes.shape}")
    wrong = ~np.isfinite(boxes).all(1) | (boxes[:, 2] <= boxes[:, 0]) | (boxes[:, 3] <= boxes[:, 1])
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"{source}: {wrong.sum()} of {len(boxes)} boxes have no area; the first is {ids[first]!r} with "
            f"(x1, y1, x2, y2) = {tuple(float(value) for value in boxes[first])}"
        )
