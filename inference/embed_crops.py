"""Embedding many crops with a trained embedder."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from datamodules.box_files import AS_WRITTEN, Convention, read_scene
from datamodules.crop_cache.crop_store import CropStore, decode, open_store
from datamodules.crops import CropTable, corners_inside, relative_log_sizes
from datamodules.pictures import pictures_below, read_picture
from datamodules.transforms.crop_resize import CropResize
from inference.inputs import Picture, to_picture
from lightning_modules.embedder import Embedder

# Crops that go through the network together, so that a photo of 10,000 boxes fits into memory. Fewer are faster with
# one thread, but make two threads wait for each other more often.
BATCH_SIZE = 50


@dataclass(frozen=True)
class Detections:
    """Crops with one name each.

    Attributes:
        ids: Names (n,).
        table: Where each crop is.
        warnings: What a person should know before relying on the boxes.
    """

    ids: tuple[str, ...]
    table: CropTable
    warnings: tuple[str, ...] = ()

    def without(self, failures: Mapping[str, str]) -> "Detections":
        """Return those whose picture is none of these files, with a warning that counts and names what is left out."""
        kept = self.table.outside(failures.keys())
        notes = (f"left out {len(failures)} pictures that cannot be used", *failures.values())
        ids = tuple(id for id, stays in zip(self.ids, kept, strict=True) if stays)
        return Detections(ids, self.table.take(kept), (*self.warnings, *notes))


def read_detections(
    crops: str | None,
    photo: str | None,
    boxes: str | None,
    convention: Convention = AS_WRITTEN,
) -> Detections:
    """Return the pictures below a folder, or the boxes of a photo.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If neither a folder nor a photo with boxes is given, or the folder holds no picture.
    """
    if photo is not None and boxes is not None and crops is None:
        scene = read_scene(Path(photo), Path(boxes), convention=convention)
        return Detections(scene.ids, scene.crops(), scene.warnings)
    if crops is None or photo is not None or boxes is not None:
        raise ValueError("give either crops=FOLDER or photo=PATH with boxes=PATH")
    if not Path(crops).is_dir():
        raise FileNotFoundError(f"crops: there is no folder {crops}")
    found = pictures_below(Path(crops))
    if not found.files:
        raise ValueError(f"crops: there is no picture in {found.describe()}")
    ids = tuple(path.relative_to(crops).as_posix() for path in found.files)
    table = CropTable.whole_pictures([*map(str, found.files)], [-1] * len(ids), [crops] * len(ids))
    return Detections(ids, table, (found.describe(),) if found.skipped else ())


def decode_for(resize: CropResize, table: CropTable, cache_dir: Path | None = None) -> CropStore:
    """Decode crops as an embedder takes them, in memory or memory-mapped in a cache folder."""
    return decode(table, resize) if cache_dir is None else open_store(table, resize, cache_dir)


def as_tensors(store: CropStore, photos: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """Return uint8 images (n, 3, s, s) and relative log sizes (n, 2) of decoded crops."""
    sizes = relative_log_sizes(store.sizes, photos)
    return torch.from_numpy(np.asarray(store.images)).permute(0, 3, 1, 2), torch.from_numpy(sizes)


def embed_crops(embedder: Embedder, resize: CropResize, crops: str | Path | Sequence[Picture]) -> NDArray[np.float32]:
    """Return one embedding (n, d) per crop of a folder, or per file, PIL image and array; relative to each other."""
    if isinstance(crops, str | Path):
        return embed_table(embedder, resize, read_detections(str(crops), None, None).table)
    pictures = [read_picture(Path(crop)) if isinstance(crop, str | Path) else to_picture(crop) for crop in crops]
    return embed_pictures(embedder, resize, pictures)


def embed_pictures(embedder: Embedder, resize: CropResize, crops: Sequence[Image.Image]) -> NDArray[np.float32]:
    """Return one embedding (n, d) per crop in memory; the crops are taken to be from one photo."""
    sizes = np.array([crop.size for crop in crops], dtype=np.int32).reshape(-1, 2)
    relative = relative_log_sizes(sizes, np.full(len(crops), "photo"))
    return _embed_squares(embedder, lambda row: resize(crops[row]), relative)


def embed_boxes(
    embedder: Embedder, resize: CropResize, photo: Image.Image, boxes: NDArray[np.float32], name: str
) -> NDArray[np.float32]:
    """Return one embedding (n, d) per box (n, 4) of a photo, which is cut and resized batch by batch.

    Raises:
        ValueError: If less than a pixel of a box lies inside the photo, which is called so.
    """
    corners = [corners_inside(box, photo.size, name) for box in boxes]
    sizes = np.array([(x2 - x1, y2 - y1) for x1, y1, x2, y2 in corners], dtype=np.int32).reshape(-1, 2)
    relative = relative_log_sizes(sizes, np.full(len(boxes), name))
    return _embed_squares(embedder, lambda row: resize(photo.crop(corners[row])), relative)


def embed_table(
    embedder: Embedder,
    resize: CropResize,
    table: CropTable,
    cache_dir: Path | None = None,
    notes: list[str] | None = None,
) -> NDArray[np.float32]:
    """Return one embedding per crop of a table (n, d); ``notes`` takes what a person should know of its pictures."""
    store = decode_for(resize, table, cache_dir)
    if notes is not None:
        notes.extend(store.notes)
    return _embed(embedder, store, table.photos)


def _embed(embedder: Embedder, store: CropStore, photos: np.ndarray) -> NDArray[np.float32]:
    return _embed_squares(embedder, store.images.__getitem__, relative_log_sizes(store.sizes, photos))


def _embed_squares(
    embedder: Embedder, square: Callable[[int], NDArray[np.uint8]], sizes: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return embeddings (n, d) of crops whose squares (s, s, 3) are asked for one after another.

    Args:
        embedder: From crops to embeddings.
        square: Returns the square of a crop's number.
        sizes: Relative log sizes (n, 2).
    """
    batches = (
        (
            torch.from_numpy(np.stack([square(row) for row in range(start, min(start + BATCH_SIZE, len(sizes)))])),
            torch.from_numpy(sizes[start : start + BATCH_SIZE]),
        )
        for start in range(0, len(sizes), BATCH_SIZE)
    )
    return embedder.embed((images.permute(0, 3, 1, 2), own) for images, own in batches).numpy()
