"""What a run leaves in the cache."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)


@contextmanager
def growth_told(cache_dir: Path) -> Iterator[None]:
    """Say how large the cache is and how it is emptied, if anything is added to it in the block.

    Args:
        cache_dir: Folder of the cache, which need not be there.
    """
    before = _entries(cache_dir)
    yield
    if _entries(cache_dir) - before:
        log.info("cache: %s in %s (delete the folder to empty it)", _readable(_size(cache_dir)), cache_dir)


def _entries(folder: Path) -> set[Path]:
    return set(folder.iterdir()) if folder.is_dir() else set()


def _size(folder: Path) -> int:
    """Return the bytes of all files below a folder; another process may remove some meanwhile."""
    size = 0
    for directory, _, files in os.walk(folder):
        for file in files:
            try:
                size += Path(directory, file).lstat().st_size
            except FileNotFoundError:
                continue
    return size


def _readable(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(size / 1e6, 0.1):.1f} MB"
