"""Contact sheets: rows of crops as one picture inside the page."""

import base64
import html
import io

import numpy as np
from PIL import Image

from datamodules.crop_cache.crop_store import CropStore

HEIGHT = 128
GAP = 4
NARROWEST, WIDEST = 0.35, 2.0


def sheet(store: CropStore, rows: np.ndarray, caption: str) -> str:
    """Returns a figure with the crops side by side, in the shape that they have on the photo.

    Args:
        store: The decoded crops.
        rows: Which ones.
        caption: What they are, as plain text.
    """
    return (
        f"<figure><figcaption>{html.escape(caption)}</figcaption>"
        f'<img src="{_strip(store, rows)}" alt="{html.escape(caption)}" height="{HEIGHT}"></figure>'
    )


def spread(rows: np.ndarray, photos: np.ndarray, count: int) -> np.ndarray:
    """Returns at most ``count`` of the rows, from as many photos as there are.

    Args:
        rows: The rows to choose from.
        photos: Photo of every crop of the data set.
        count: How many at most.
    """
    _, first = np.unique(photos[rows], return_index=True)
    chosen = rows[np.sort(first)]
    if len(chosen) < count:
        chosen = np.concatenate([chosen, np.setdiff1d(rows, chosen)])[:count]
    return chosen[np.unique(np.linspace(0, len(chosen) - 1, min(count, len(chosen))).astype(int))]


def _strip(store: CropStore, rows: np.ndarray) -> str:
    thumbs = [_thumb(store, int(row)) for row in rows]
    width = sum(thumb.width + GAP for thumb in thumbs) - GAP if thumbs else 1
    strip = Image.new("RGB", (width, HEIGHT), (128, 128, 128))
    left = 0
    for thumb in thumbs:
        strip.paste(thumb, (left, 0))
        left += thumb.width + GAP
    buffer = io.BytesIO()
    strip.save(buffer, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def _thumb(store: CropStore, row: int) -> Image.Image:
    width, height = store.sizes[row]
    shape = float(np.clip(width / max(height, 1), NARROWEST, WIDEST))
    picture = Image.fromarray(np.asarray(store.images[row]))
    return picture.resize((max(1, round(HEIGHT * shape)), HEIGHT), Image.Resampling.LANCZOS)
