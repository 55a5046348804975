"""Reading a memory-mapped file without letting it fill the process's memory."""

import mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RESIDENT_FILE_PAGES = Path("/proc/self/statm")


class BoundedMap:
    """Reads rows of a memory map and gives its pages back whenever about so many megabytes were touched.

    Pages given back leave the process, not the machine: they stay in the system's page cache as long as nothing else
    needs the memory, are shared by all processes there, and are mapped again without reading the disk.

    Args:
        rows: The map (n, ...), or an array in memory, which is read as it is.
        megabytes: Resident memory that the map may take; None for no bound.

    Raises:
        ValueError: If megabytes is not above 0.
    """

    def __init__(self, rows: NDArray[np.uint8], megabytes: float | None) -> None:
        if megabytes is not None and not megabytes > 0:
            raise ValueError(f"datamodule.resident_megabytes must be above 0 or null, got {megabytes}")
        # A plain array, for a memmap copies its attributes with every read.
        self.rows = np.asarray(rows)
        self.map = _mapping(rows)
        self.limit = np.inf if megabytes is None else megabytes * 2**20
        self.touched = 0

    def read(self, rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return a copy of these rows (m, ...)."""
        before = _resident_bytes()
        values = self.rows[rows]
        self.touched += _resident_bytes() - before if before else values.nbytes
        if self.touched > self.limit and self.map is not None:
            self.map.madvise(mmap.MADV_DONTNEED)
            self.touched = 0
        return values


def _resident_bytes() -> int:
    """Return the resident file pages of this process in bytes, 0 where the system does not say.

    Linux maps more than the page that was missing, by how much depends on the file system: counting bytes of crops
    would be wrong by a factor.
    """
    if not RESIDENT_FILE_PAGES.is_file():
        return 0
    return int(RESIDENT_FILE_PAGES.read_text().split()[2]) * mmap.PAGESIZE


def _mapping(rows: NDArray[np.uint8]) -> mmap.mmap | None:
    """Return what a memmap lies on, if the system can give pages back."""
    base = rows.base
    return base if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED") else None
