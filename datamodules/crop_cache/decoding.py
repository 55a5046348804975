"""Decoding the pictures of a table of crops, several at a time."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.progress import track
from torch.utils.data import DataLoader, Dataset

from datamodules.crops import CropTable, cut
from datamodules.pictures import read_picture
from datamodules.transforms.crop_resize import CropResize

SHOWN_FAILURES = 5
# Fewer crops than this are decoded sooner than processes are started, and before anyone wonders what is going on.
MANY_CROPS = 500
# Files of a task: handing over a small file costs a tenth of reading it.
FILES_PER_TASK = 32
# Photos are large, and are handed over one by one until there are this many, so that no process is left idle.
MANY_TASKS = 64
# Tasks that wait for a process, so that it never waits for one.
TASKS_AHEAD = 4

Decoded = tuple[np.ndarray, np.ndarray, list[str]]


class DecodingTasks(Dataset[Decoded]):
    """Some files a task; each of their crops is cut out, resized, and handed to ``keep``.

    A task returns the rows of its crops (m,), their width and height in pixels (m, 2), and what could not be read.

    Args:
        table: The crops.
        resize: From a cut crop to its square.
        keep: Called with every row and its square, by whichever process decodes it.
    """

    def __init__(
        self,
        table: CropTable,
        resize: CropResize,
        keep: Callable[[int, np.ndarray], None],
    ) -> None:
        self.boxes, self.resize, self.keep = table.boxes, resize, keep
        self.files, places = np.unique(table.files, return_inverse=True)
        self.rows_of_file = np.split(np.argsort(places, kind="stable"), np.cumsum(np.bincount(places))[:-1])
        self.files_per_task = max(1, min(FILES_PER_TASK, len(self.files) // MANY_TASKS))

    def __len__(self) -> int:
        return -(-len(self.files) // self.files_per_task)

    def __getitem__(self, task: int) -> Decoded:
        first = task * self.files_per_task
        rows, sizes, failures = [], [], []
        for number in range(first, min(first + self.files_per_task, len(self.files))):
            file = str(self.files[number])
            try:
                picture = read_picture(Path(file))
                for row in self.rows_of_file[number].tolist():
                    crop = cut(picture, self.boxes[row], file)
                    self.keep(row, self.resize(crop))
                    rows.append(row)
                    sizes.append(crop.size)
            except (ValueError, FileNotFoundError) as error:
                failures.append(str(error))
        return np.array(rows, dtype=np.int64), np.array(sizes, dtype=np.int32).reshape(-1, 2), failures


def decode_each(tasks: DecodingTasks, processes: int) -> np.ndarray:
    """Does all tasks and returns the width and height of each crop in its picture, in pixels, (n, 2).

    Args:
        tasks: What is to be done.
        processes: That work beside this one; 0 works in this one, which ``keep`` may need. Not threads: those wait for
            the interpreter's lock between the parts of a crop, on 2 cores for a third of the time.

    Raises:
        ValueError: If pictures cannot be read; names the first ones.
    """
    done = DataLoader(
        tasks,
        batch_size=None,
        collate_fn=_as_it_is,
        num_workers=processes,
        prefetch_factor=TASKS_AHEAD if processes else None,
        # Its own, for a run that decodes must draw the same numbers afterwards as one that finds its crops decoded.
        generator=torch.Generator(),
    )
    sizes, failures = np.zeros((len(tasks.boxes), 2), dtype=np.int32), []
    shown = len(tasks.boxes) >= MANY_CROPS
    for rows, of_rows, failed in track(done, "Decoding pictures", len(tasks), transient=True, disable=not shown):
        sizes[rows] = of_rows
        failures += failed
    if failures:
        raise ValueError(_describe(failures, len(tasks.files)))
    return sizes


def useful_processes(table: CropTable) -> int:
    """Returns by how many processes a table is best decoded: one per core that may be used, or 0 if it is small."""
    if len(table) < MANY_CROPS:
        return 0
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _as_it_is(values: Any) -> Any:
    return values


def _describe(failures: list[str], total: int) -> str:
    listed = "\n  ".join(failures[:SHOWN_FAILURES])
    rest = f"\n  ... and {len(failures) - SHOWN_FAILURES} more" if len(failures) > SHOWN_FAILURES else ""
    return f"{len(failures)} of {total} pictures cannot be used; mend or remove them:\n  {listed}{rest}"
