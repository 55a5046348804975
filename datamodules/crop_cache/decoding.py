"""Decoding the crops of a table: each picture is read once, and many pictures by several processes."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track

from datamodules.crops import CropTable, cut
from datamodules.pictures import read_picture
from datamodules.rows import rows_by_value
from datamodules.transforms.crop_resize import CropResize
from datamodules.workers import mapped, usable_cores

SHOWN_FAILURES = 5
# Fewer crops than this are decoded sooner than processes are started, and before anyone wonders what is going on.
MANY_CROPS = 500
# Pictures that are handed to a process at once: handing over a small one costs a tenth of reading it.
PICTURES_AT_ONCE = 32
# Photos are large, and are handed over one by one until there are this many, so that no process is left idle.
MANY_HANDOVERS = 64
# Pictures between two times that what was written is sent to the disk, so that little is left to wait for at the end.
PICTURES_PER_SYNC = 256

# Sizes of a picture's crops, why it cannot be used, and notes on it.
Result = tuple[list[tuple[int, int]], str, list[str]]
Keep = Callable[[int, NDArray[np.uint8]], object]


@dataclass(frozen=True)
class Picture:
    """A picture file and the crops in it.

    Attributes:
        file: The file.
        rows: Row of each crop in its table (m,).
        boxes: Where each crop is (m, 4); NaN where the whole picture is the crop.
    """

    file: str
    rows: NDArray[np.int64]
    boxes: NDArray[np.float32]


class UnreadablePicturesError(ValueError):
    """Pictures of a table that cannot be used.

    Attributes:
        failures: Why, by the file.
        total: How many pictures there are.
    """

    def __init__(self, failures: dict[str, str], total: int) -> None:
        listed = "\n  ".join(list(failures.values())[:SHOWN_FAILURES])
        rest = f"\n  ... and {len(failures) - SHOWN_FAILURES} more" if len(failures) > SHOWN_FAILURES else ""
        super().__init__(
            f"{len(failures)} of {total} pictures cannot be used; repair or remove them:\n  {listed}{rest}"
        )
        self.failures, self.total = failures, total


@dataclass(frozen=True)
class Decoded:
    """What is known of decoded crops beside their pixels.

    Attributes:
        sizes: Width and height of each crop in its picture (n, 2) int32.
        notes: What a person should know of the pictures, such as that one is damaged.
    """

    sizes: NDArray[np.int32]
    notes: list[str]


def decode_to_array(table: CropTable, resize: CropResize) -> tuple[NDArray[np.uint8], Decoded]:
    """Return the squares (n, s, s, 3) of a few crops, and what is known of them.

    Raises:
        UnreadablePicturesError: If pictures cannot be used; names them.
    """
    side = resize.image_size
    images = np.zeros((len(table), side, side, 3), dtype=np.uint8)
    return images, _decode(table, resize, images.__setitem__, processes=0)


def decode_to_file(table: CropTable, resize: CropResize, path: Path) -> Decoded:
    """Write the squares of a table's crops to a NumPy file; return what is known of them.

    Written and not mapped, for written rows do not count as memory of the processes. When the function returns, the
    file is on the disk.

    Args:
        table: The crops, at least one.
        resize: From a cut crop to its square.
        path: The file that is made, an array (n, s, s, 3).

    Raises:
        UnreadablePicturesError: If pictures cannot be used; names them.
    """
    side = resize.image_size
    offset = np.lib.format.open_memmap(path, "w+", np.uint8, (len(table), side, side, 3)).offset
    with path.open("r+b") as stream:
        sync = partial(os.fsync, stream.fileno())
        decoded = _decode(table, resize, partial(_write_row, path, offset), useful_processes(table), sync)
        sync()
    return decoded


def useful_processes(table: CropTable) -> int:
    """Return by how many processes a table is best decoded: one per core that may be used, or 0 if it is small."""
    return 0 if len(table) < MANY_CROPS else usable_cores()


def _decode(
    table: CropTable, resize: CropResize, keep: Keep, processes: int, sync: Callable[[], object] = lambda: None
) -> Decoded:
    """Hand the row and the square of every crop to ``keep``; return what is known of them."""
    pictures = [Picture(str(file), rows, table.boxes[rows]) for file, rows in rows_by_value(table.files).items()]
    sizes, failures = np.zeros((len(table), 2), dtype=np.int32), dict[str, str]()
    notes: list[str] = []
    with _mapped(partial(_decode_picture, resize, keep), pictures, processes) as results:
        shown = track(results, "Decoding pictures", len(pictures), transient=True, disable=len(table) < MANY_CROPS)
        for number, (picture, (found, failure, said)) in enumerate(zip(pictures, shown, strict=True), 1):
            notes += said
            if failure:
                failures[picture.file] = failure
            else:
                sizes[picture.rows] = found
            if number % PICTURES_PER_SYNC == 0:
                sync()
    if failures:
        raise UnreadablePicturesError(failures, len(pictures))
    return Decoded(sizes, notes)


@contextmanager
def _mapped(decode: Callable[[Picture], Result], pictures: list[Picture], processes: int) -> Iterator[Iterator[Result]]:
    """Give the results of all pictures in their order, from so many processes; 0 decodes in this one.

    Not threads: those wait for the interpreter's lock between the parts of a crop, on 2 cores for a third of the time.
    """
    if processes == 0:
        yield map(decode, pictures)
        return
    at_once = max(1, min(PICTURES_AT_ONCE, len(pictures) // MANY_HANDOVERS))
    with mapped(decode, pictures, processes, at_once, prepare=partial(torch.set_num_threads, 1)) as results:
        yield results


def _decode_picture(resize: CropResize, keep: Keep, picture: Picture) -> Result:
    """Keep the crops of one picture; return the width and height of each, or why the picture cannot be used."""
    sizes, notes = [], list[str]()
    try:
        pixels = read_picture(Path(picture.file), notes)
        for row, box in zip(picture.rows.tolist(), picture.boxes, strict=True):
            crop = cut(pixels, box, picture.file)
            keep(row, resize(crop))
            sizes.append(crop.size)
    except (ValueError, FileNotFoundError) as error:
        return [], str(error), []
    return sizes, "", notes


def _write_row(path: Path, offset: int, row: int, square: NDArray[np.uint8]) -> None:
    # Opened for each row: in a file that is open already, processes would share their place.
    with path.open("r+b") as stream:
        stream.seek(offset + row * square.nbytes)
        stream.write(np.ascontiguousarray(square).data.cast("B"))
