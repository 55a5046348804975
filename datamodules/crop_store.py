"""Crops decoded once and kept on disk as one memory-mapped uint8 array."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from rich.progress import track

from datamodules.crops import CropTable, cut
from datamodules.pictures import read_picture

SHOWN_FAILURES = 5


@dataclass(frozen=True)
class CropStore:
    """Decoded crops.

    Attributes:
        images: uint8 (n, s, s, 3), memory-mapped: the system keeps in memory what is used and drops it when needed.
        sizes: Width and height of each crop in its picture, in pixels, (n, 2) int32.
    """

    images: np.ndarray
    sizes: np.ndarray


def open_store(
    table: CropTable, prepare: Callable[[Image.Image], np.ndarray], key: dict[str, object], cache_dir: Path
) -> CropStore:
    """Returns the decoded crops of a table, decoding them only when the cache does not hold them.

    Args:
        table: The crops.
        prepare: From a cut crop to its uint8 square (s, s, 3).
        key: What ``prepare`` depends on; part of the cache's key together with files, their age and the boxes.
        cache_dir: Folder of the cache; each table is a folder in it and can be deleted at any time.

    Raises:
        ValueError: If pictures cannot be read; names them.
    """
    folder = cache_dir / _digest(table, key)
    if not folder.is_dir():
        cache_dir.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix="partial-", dir=cache_dir))
        try:
            _decode(table, prepare, partial)
            _publish(partial, folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    images = np.load(folder / "images.npy", mmap_mode="r") if len(table) else np.zeros((0, 1, 1, 3), np.uint8)
    return CropStore(images, np.load(folder / "sizes.npy"))


def decode(
    table: CropTable, prepare: Callable[[Image.Image], np.ndarray], images: np.ndarray | None = None
) -> CropStore:
    """Decodes a table into ``images`` (or into memory), each file read once.

    Raises:
        ValueError: If pictures cannot be read; names the first ones.
    """
    rows_of_file: dict[str, list[int]] = {}
    for row, file in enumerate(table.files):
        rows_of_file.setdefault(str(file), []).append(row)
    if images is None:
        side = prepare(Image.new("RGB", (8, 8))).shape[0]
        images = np.zeros((len(table), side, side, 3), dtype=np.uint8)
    sizes = np.zeros((len(table), 2), dtype=np.int32)

    def read(item: tuple[str, list[int]]) -> str | None:
        file, rows = item
        try:
            picture = read_picture(Path(file))
            for row in rows:
                crop = cut(picture, table.boxes[row], file)
                images[row], sizes[row] = prepare(crop), crop.size
        except (ValueError, FileNotFoundError) as error:
            return str(error)
        return None

    # Pillow releases the interpreter's lock while it decodes and resizes.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(read, rows_of_file.items())
        shown = len(rows_of_file) > 500
        failures = [
            failure
            for failure in track(results, "Decoding pictures", len(rows_of_file), transient=True, disable=not shown)
            if failure
        ]
    if failures:
        raise ValueError(_describe(failures, len(rows_of_file)))
    return CropStore(images, sizes)


def _decode(table: CropTable, prepare: Callable[[Image.Image], np.ndarray], folder: Path) -> None:
    if not len(table):
        np.save(folder / "sizes.npy", np.zeros((0, 2), dtype=np.int32))
        return
    side = prepare(Image.new("RGB", (8, 8))).shape[0]
    images = np.lib.format.open_memmap(folder / "images.npy", "w+", np.uint8, (len(table), side, side, 3))
    store = decode(table, prepare, images)
    images.flush()
    np.save(folder / "sizes.npy", store.sizes)


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
    for file in files.tolist():
        path = Path(file)
        age = (path.stat().st_size, path.stat().st_mtime_ns) if path.is_file() else None
        digest.update(f"{path.resolve()}|{age}\n".encode())
    digest.update(places.tobytes())
    digest.update(np.ascontiguousarray(table.boxes, dtype=np.float32).tobytes())
    return digest.hexdigest()[:24]


def _describe(failures: list[str], total: int) -> str:
    listed = "\n  ".join(failures[:SHOWN_FAILURES])
    rest = f"\n  ... and {len(failures) - SHOWN_FAILURES} more" if len(failures) > SHOWN_FAILURES else ""
    return f"{len(failures)} of {total} pictures cannot be used; mend or remove them:\n  {listed}{rest}"
