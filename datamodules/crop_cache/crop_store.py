"""Crops decoded once and kept on disk as one memory-mapped uint8 array."""

import functools
import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from datamodules.crop_cache.decoding import DecodingTasks, decode_each, useful_processes
from datamodules.crop_cache.row_file import RowFile
from datamodules.crops import CropTable
from datamodules.transforms.crop_resize import CropResize


@dataclass(frozen=True)
class CropStore:
    """Decoded crops.

    Attributes:
        images: uint8 (n, s, s, 3), memory-mapped: the system keeps in memory what is used and drops it when needed.
        sizes: Width and height of each crop in its picture, in pixels, (n, 2) int32.
    """

    images: np.ndarray
    sizes: np.ndarray


def open_store(table: CropTable, resize: CropResize, cache_dir: Path) -> CropStore:
    """Returns the decoded crops of a table, decoding them only when the cache does not hold them.

    Args:
        table: The crops.
        resize: From a cut crop to its square; its options are part of the cache's key, together with files, their age
            and the boxes.
        cache_dir: Folder of the cache; each table is a folder in it and can be deleted at any time.

    Raises:
        ValueError: If pictures cannot be read; names them.
    """
    folder = cache_dir / _digest(table, resize.store_key())
    if not folder.is_dir():
        cache_dir.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix="partial-", dir=cache_dir))
        try:
            _decode(table, resize, partial)
            _publish(partial, folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    images = np.load(folder / "images.npy", mmap_mode="r") if len(table) else np.zeros((0, 1, 1, 3), np.uint8)
    return CropStore(images, np.load(folder / "sizes.npy"))


def decode(table: CropTable, resize: CropResize) -> CropStore:
    """Decodes a table into memory, each file read once.

    Raises:
        ValueError: If pictures cannot be read; names the first ones.
    """
    if useful_processes(table):
        # A file is what processes share everywhere; memory that they share is scarce in a container.
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _decode(table, resize, folder)
            return CropStore(np.load(folder / "images.npy"), np.load(folder / "sizes.npy"))
    images = np.zeros((len(table), *_shape(resize)), dtype=np.uint8)
    return CropStore(images, decode_each(DecodingTasks(table, resize, images.__setitem__), processes=0))


def _decode(table: CropTable, resize: CropResize, folder: Path) -> None:
    sizes = np.zeros((0, 2), dtype=np.int32)
    if len(table):
        with RowFile(folder / "images.npy", np.uint8, (len(table), *_shape(resize))) as images:
            sizes = decode_each(DecodingTasks(table, resize, images.write), useful_processes(table))
    np.save(folder / "sizes.npy", sizes)


def _shape(resize: CropResize) -> tuple[int, ...]:
    return resize(Image.new("RGB", (8, 8))).shape


def _publish(partial: Path, folder: Path) -> None:
    """Renames the finished folder; another process may have been faster, with the same content."""
    try:
        partial.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def _digest(table: CropTable, key: dict[str, object]) -> str:
    digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode())
    files, places = np.unique(table.files, return_inverse=True)
    resolved = functools.cache(Path.resolve)
    for file in files.tolist():
        path = Path(file)
        # Following the links of every folder again for every file would take longer than the rest.
        place = path.resolve() if path.is_symlink() else resolved(path.parent) / path.name
        status = path.stat() if path.is_file() else None
        age = (status.st_size, status.st_mtime_ns) if status else None
        digest.update(f"{place}|{age}\n".encode())
    digest.update(places.tobytes())
    digest.update(np.ascontiguousarray(table.boxes, dtype=np.float32).tobytes())
    return digest.hexdigest()[:24]
