"""Crops decoded once and kept on disk as one memory-mapped uint8 array."""

import functools
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from rich.progress import track

from datamodules.crops import CropTable, cut
from datamodules.pictures import read_picture
from datamodules.row_file import RowFile

SHOWN_FAILURES = 5
# Tasks that wait for a thread at a time, and files of a task: handing over a small file costs a tenth of reading it.
TASKS_AT_ONCE = 64
FILES_PER_TASK = 8


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


def decode(table: CropTable, prepare: Callable[[Image.Image], np.ndarray]) -> CropStore:
    """Decodes a table into memory, each file read once.

    Raises:
        ValueError: If pictures cannot be read; names the first ones.
    """
    images = np.zeros((len(table), *_shape(prepare)), dtype=np.uint8)
    return CropStore(images, _decode_each(table, prepare, images.__setitem__))


def _decode_each(
    table: CropTable, prepare: Callable[[Image.Image], np.ndarray], keep: Callable[[int, np.ndarray], None]
) -> np.ndarray:
    """Hands every row and its square to ``keep``, from several threads, and returns the crops' sizes (n, 2)."""
    files, places = np.unique(table.files, return_inverse=True)
    rows_of_file = np.split(np.argsort(places, kind="stable"), np.cumsum(np.bincount(places))[:-1])
    sizes = np.zeros((len(table), 2), dtype=np.int32)

    def read(number: int) -> str | None:
        file, rows = files[number], rows_of_file[number]
        try:
            picture = read_picture(Path(file))
            for row in rows.tolist():
                crop = cut(picture, table.boxes[row], file)
                keep(row, prepare(crop))
                sizes[row] = crop.size
        except (ValueError, FileNotFoundError) as error:
            return str(error)
        return None

    # Pillow releases the interpreter's lock while it decodes and resizes.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        shown = len(files) > 500
        results = track(
            _in_turn(pool, read, len(files)), "Decoding pictures", len(files), transient=True, disable=not shown
        )
        failures = [failure for failure in results if failure]
    if failures:
        raise ValueError(_describe(failures, len(files)))
    return sizes


def _in_turn(pool: ThreadPoolExecutor, read: Callable[[int], str | None], count: int) -> Iterator[str | None]:
    """Yields what ``read`` returns for 0..count-1; a few at a time, for each that waits takes memory."""
    # Few files are large photos rather than crops, and are handed over one by one, so that no thread is left idle.
    length = max(1, min(FILES_PER_TASK, count // TASKS_AT_ONCE))

    def read_some(first: int) -> list[str | None]:
        return [read(number) for number in range(first, min(first + length, count))]

    tasks = range(0, count, length)
    for start in range(0, len(tasks), TASKS_AT_ONCE):
        for results in pool.map(read_some, tasks[start : start + TASKS_AT_ONCE]):
            yield from results


def _decode(table: CropTable, prepare: Callable[[Image.Image], np.ndarray], folder: Path) -> None:
    sizes = np.zeros((0, 2), dtype=np.int32)
    if len(table):
        with RowFile(folder / "images.npy", np.uint8, (len(table), *_shape(prepare))) as images:
            sizes = _decode_each(table, prepare, images.write)
    np.save(folder / "sizes.npy", sizes)


def _shape(prepare: Callable[[Image.Image], np.ndarray]) -> tuple[int, ...]:
    return prepare(Image.new("RGB", (8, 8))).shape


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


def _describe(failures: list[str], total: int) -> str:
    listed = "\n  ".join(failures[:SHOWN_FAILURES])
    rest = f"\n  ... and {len(failures) - SHOWN_FAILURES} more" if len(failures) > SHOWN_FAILURES else ""
    return f"{len(failures)} of {total} pictures cannot be used; mend or remove them:\n  {listed}{rest}"
