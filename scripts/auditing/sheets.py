"""Contact sheets: rows of crops as one picture inside the page."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from analysis.even_sample import even_sample
from datamodules.crop_cache.crop_store import CropStore
from scripts.pages.data_uri import jpeg_uri

HEIGHT = 128
GAP = 4
NARROWEST, WIDEST = 0.35, 2.0


@dataclass(frozen=True)
class Sheet:
    """A row of crops with a caption.

    Attributes:
        caption: What they are.
        source: The picture as a data URI.
        height: Height to show it at.
    """

    caption: str
    source: str
    height: int = HEIGHT


def sheet(store: CropStore, rows: np.ndarray, caption: str) -> Sheet:
    """Return crops side by side, in the shape that they have on the photo.

    Args:
        store: The decoded crops.
        rows: Which ones.
        caption: What they are.
    """
    return Sheet(caption, jpeg_uri(_strip([_thumbnail(store, int(row)) for row in rows]), quality=80))


def spread(rows: np.ndarray, photos: np.ndarray, count: int) -> np.ndarray:
    """Return at most `count` of the rows, from as many photos as there are.

    Args:
        rows: The rows to choose from.
        photos: Photo of every crop of the data set.
        count: How many at most.
    """
    _, first = np.unique(photos[rows], return_index=True)
    chosen = rows[np.sort(first)]
    if len(chosen) < count:
        chosen = np.concatenate([chosen, np.setdiff1d(rows, chosen)])[:count]
    return chosen[even_sample(len(chosen), count)]


def _strip(thumbnails: list[Image.Image]) -> Image.Image:
    width = sum(picture.width + GAP for picture in thumbnails) - GAP if thumbnails else 1
    strip = Image.new("RGB", (width, HEIGHT), (128, 128, 128))
    left = 0
    for picture in thumbnails:
        strip.paste(picture, (left, 0))
        left += picture.width + GAP
    return strip


def _thumbnail(store: CropStore, row: int) -> Image.Image:
    width, height = store.sizes[row]
    shape = float(np.clip(width / max(height, 1), NARROWEST, WIDEST))
    picture = Image.fromarray(np.asarray(store.images[row]))
    return picture.resize((max(1, round(HEIGHT * shape)), HEIGHT), Image.Resampling.LANCZOS)
