"""Crops as rows of a table, and how one is cut out of its picture."""

import math
from collections.abc import Iterable, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from datamodules.rows import rows_by_value

# A column of texts, as NumPy's own or as objects.
Texts = NDArray[np.str_ | np.object_]


@dataclass(frozen=True)
class CropTable:
    """One row per crop.

    Texts are kept once however many crops share them, as objects: NumPy's own texts take four bytes for each letter of
    the longest one, for every crop.

    Attributes:
        files: Picture that holds the crop (n,) str.
        boxes: Where in the picture (n, 4) float32; NaN where the whole picture is the crop.
        labels: Product (n,) int64; -1 is unknown.
        photos: Id of the photo that the crop comes from (n,) str.
    """

    files: Texts
    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    photos: Texts

    def __post_init__(self) -> None:
        for column in ("files", "photos"):
            texts = getattr(self, column)
            if texts.dtype != object:
                object.__setattr__(self, column, _shared(texts, len(texts)))
        lengths = {len(self.files), len(self.boxes), len(self.labels), len(self.photos)}
        if len(lengths) != 1:
            raise ValueError(f"the columns of a crop table must be of one length, got {sorted(lengths)}")

    def __len__(self) -> int:
        return len(self.files)

    def take(self, rows: NDArray[np.int64 | np.bool_]) -> "CropTable":
        """Return the table of these rows (indices or mask)."""
        return CropTable(self.files[rows], self.boxes[rows], self.labels[rows], self.photos[rows])

    def outside(self, files: Set[str]) -> NDArray[np.bool_]:
        """Return a mask (n,) of the rows whose picture is none of these files."""
        return ~np.isin(self.files.astype(str), sorted(files))

    @staticmethod
    def concatenate(tables: list["CropTable"]) -> "CropTable":
        """Return all rows of all tables in order."""
        if not tables:
            return CropTable.whole_pictures([], [], [])
        columns = ("files", "boxes", "labels", "photos")
        return CropTable(*(np.concatenate([getattr(table, column) for table in tables]) for column in columns))

    @staticmethod
    def whole_pictures(files: list[str], labels: list[int], photos: list[str]) -> "CropTable":
        """Return a table of crops that are a file each."""
        boxes = np.full((len(files), 4), np.nan, dtype=np.float32)
        return CropTable(
            _shared(files, len(files)), boxes, np.array(labels, dtype=np.int64), _shared(photos, len(photos))
        )


def _shared(texts: Iterable[str], count: int) -> NDArray[np.object_]:
    """Return texts as an array of objects (n,), equal ones as the same object."""
    kept: dict[str, str] = {}
    plain = map(str, texts)
    return np.fromiter((kept.setdefault(text, text) for text in plain), dtype=object, count=count)


def cut(picture: Image.Image, box: NDArray[np.float32], name: str) -> Image.Image:
    """Return the part of the picture inside the box, clipped to the picture; NaN returns the whole.

    Raises:
        ValueError: If less than a pixel of the box lies inside the picture.
    """
    return picture if np.isnan(box).all() else picture.crop(corners_inside(box, picture.size, name))


def corners_inside(box: NDArray[np.float32], size: tuple[int, int], name: str) -> tuple[int, int, int, int]:
    """Return the whole pixels x1, y1, x2, y2 that a box touches of a picture of this width and height.

    Raises:
        ValueError: If it touches less than a pixel.
    """
    width, height = size
    x1, y1 = (math.floor(max(float(value), 0)) for value in box[:2])
    x2, y2 = (math.ceil(min(float(value), side)) for value, side in zip(box[2:], size, strict=True))
    if x2 <= x1 or y2 <= y1:
        corners = tuple(float(value) for value in box)
        raise ValueError(f"box {corners} lies outside of its photo {name} ({width} x {height} pixels)")
    return x1, y1, x2, y2


def relative_log_sizes(sizes: NDArray[np.int32], photos: Texts) -> NDArray[np.float32]:
    """Return log(width / median width) and log(height / median height) within each photo, (n, 2) float32.

    Sizes in pixels depend on the camera's distance; sizes relative to the neighbours do not.

    Args:
        sizes: Width and height of each crop in pixels (n, 2).
        photos: Photo id of each crop (n,).
    """
    logarithms = np.log(np.maximum(sizes, 1).astype(np.float64))
    relative = np.zeros(logarithms.shape, dtype=np.float32)
    for rows in rows_by_value(photos).values():
        relative[rows] = logarithms[rows] - np.median(logarithms[rows], axis=0)
    return relative
