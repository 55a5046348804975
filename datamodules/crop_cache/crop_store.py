"""Crops decoded once and kept on disk as one memory-mapped uint8 array."""

import functools
import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from datamodules.crop_cache.decoding import MANY_CROPS, UnreadablePicturesError, decode_to_array, decode_to_file
from datamodules.crops import CropTable
from datamodules.pictures import UnreadablePictureError, read_picture
from datamodules.transforms.crop_resize import CropResize
from datamodules.whole_folder import whole_folder

# The files of a table's folder.
IMAGES, SIZES, NOTES = "images.npy", "sizes.npy", "notes.json"
# The file of a table whose pictures cannot all be used, so that this is not found out anew in each run.
FAILURES = "failures.json"


@dataclass(frozen=True)
class CropStore:
    """Decoded crops.

    Attributes:
        images: uint8 (n, s, s, 3), memory-mapped: the system keeps in memory what is used and drops it when needed.
        sizes: Width and height of each crop in its picture, in pixels, (n, 2) int32.
        notes: What a person should know of the pictures, such as that one is damaged.
    """

    images: NDArray[np.uint8]
    sizes: NDArray[np.int32]
    notes: tuple[str, ...] = ()


def open_store(table: CropTable, resize: CropResize, cache_dir: Path) -> CropStore:
    """Return the decoded crops of a table, decoding them only when the cache does not hold them.

    Args:
        table: The crops.
        resize: From a cut crop to its square; its options are part of the cache's key, together with files, their age
            and the boxes.
        cache_dir: Folder of the cache; each table is a folder in it and can be deleted at any time.

    Raises:
        UnreadablePicturesError: If pictures cannot be used; names them.
    """
    if not len(table):
        return _in_memory(table, resize)
    folder = cache_dir / _digest(table, resize.store_key())
    _check_again(folder / FAILURES)
    if not (folder / IMAGES).is_file():
        _fill(folder, table, resize)
    notes = json.loads((folder / NOTES).read_text()) if (folder / NOTES).is_file() else []
    return CropStore(np.load(folder / IMAGES, mmap_mode="r"), np.load(folder / SIZES), tuple(notes))


def decode(table: CropTable, resize: CropResize) -> CropStore:
    """Decode a table into memory.

    Raises:
        UnreadablePicturesError: If pictures cannot be used; names them.
    """
    if len(table) < MANY_CROPS:
        return _in_memory(table, resize)
    # A file is what processes share everywhere; memory that they share is scarce in a container.
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(table, resize, Path(folder))
        return replace(store, images=np.array(store.images))


def _in_memory(table: CropTable, resize: CropResize) -> CropStore:
    images, decoded = decode_to_array(table, resize)
    return CropStore(images, decoded.sizes, tuple(decoded.notes))


def _fill(folder: Path, table: CropTable, resize: CropResize) -> None:
    try:
        with whole_folder(folder) as unfinished:
            decoded = decode_to_file(table, resize, unfinished / IMAGES)
            np.save(unfinished / SIZES, decoded.sizes)
            (unfinished / NOTES).write_text(json.dumps(decoded.notes))
    except UnreadablePicturesError as error:
        with whole_folder(folder) as unfinished:
            (unfinished / FAILURES).write_text(json.dumps([error.failures, error.total]))
        raise


def _check_again(memory: Path) -> None:
    """Raise again what an earlier run found out, if the files still cannot be read; else forget it."""
    if not memory.is_file():
        return
    failures, total = json.loads(memory.read_text())
    if all(map(_is_readable, failures)):
        shutil.rmtree(memory.parent)
        return
    raise UnreadablePicturesError(failures, total)


def _is_readable(file: str) -> bool:
    try:
        read_picture(Path(file))
    except (UnreadablePictureError, FileNotFoundError):
        return False
    return True


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
