"""Crops decoded once and kept on disk as one memory-mapped uint8 array."""

import functools
import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from datamodules.crop_cache.decoding import MANY_CROPS, decode_to_array, decode_to_file
from datamodules.crops import CropTable
from datamodules.transforms.crop_resize import CropResize
from datamodules.whole_folder import whole_folder

# The files of a table's folder.
IMAGES, SIZES = "images.npy", "sizes.npy"


@dataclass(frozen=True)
class CropStore:
    """Decoded crops.

    Attributes:
        images: uint8 (n, s, s, 3), memory-mapped: the system keeps in memory what is used and drops it when needed.
        sizes: Width and height of each crop in its picture, in pixels, (n, 2) int32.
    """

    images: NDArray[np.uint8]
    sizes: NDArray[np.int32]


def open_store(table: CropTable, resize: CropResize, cache_dir: Path) -> CropStore:
    """Return the decoded crops of a table, decoding them only when the cache does not hold them.

    Args:
        table: The crops.
        resize: From a cut crop to its square; its options are part of the cache's key, together with files, their age
            and the boxes.
        cache_dir: Folder of the cache; each table is a folder in it and can be deleted at any time.

    Raises:
        ValueError: If pictures cannot be read; names them.
    """
    if not len(table):
        return CropStore(*decode_to_array(table, resize))
    folder = cache_dir / _digest(table, resize.store_key())
    if not folder.is_dir():
        with whole_folder(folder) as unfinished:
            np.save(unfinished / SIZES, decode_to_file(table, resize, unfinished / IMAGES))
    return CropStore(np.load(folder / IMAGES, mmap_mode="r"), np.load(folder / SIZES))


def decode(table: CropTable, resize: CropResize) -> CropStore:
    """Decode a table into memory.

    Raises:
        ValueError: If pictures cannot be read; names the first ones.
    """
    if len(table) < MANY_CROPS:
        return CropStore(*decode_to_array(table, resize))
    # A file is what processes share everywhere; memory that they share is scarce in a container.
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(table, resize, Path(folder))
        return CropStore(np.array(store.images), store.sizes)


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
