"""Folders of the cache that are whole or absent."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# How the name of a folder begins that is being filled, or that a killed process left.
UNFINISHED = ".unfinished-"


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Yield a folder to fill; it gets its name when the block ends, unless another process was faster.

    What killed processes left beside it is removed; the folder that a living process fills is locked and stays.

    Args:
        folder: The folder; those above it are made.

    Raises:
        OSError: If it cannot be written; names the folder.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder.parent)
        unfinished, lock = _locked_folder(folder.parent)
        try:
            yield unfinished
            _sync(unfinished)
            _rename(unfinished, folder)
        finally:
            os.close(lock)
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise OSError(f"{folder} cannot be written: {error.strerror or error}") from error


def _locked_folder(parent: Path) -> tuple[Path, int]:
    """Return a new folder and the descriptor that holds its lock until it is closed or the process ends."""
    while True:
        folder = parent / f"{UNFINISHED}{secrets.token_hex(8)}"
        folder.mkdir()
        try:
            lock = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            # Taken for a leftover before it was locked.
            continue
        _lock(lock, fcntl.LOCK_EX)
        if folder.is_dir():
            return folder, lock
        os.close(lock)


def _remove_leftovers(parent: Path) -> None:
    for leftover in parent.glob(f"{UNFINISHED}*"):
        try:
            lock = os.open(leftover, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            # Removed by another process by now, or not ours to touch.
            continue
        # Where a file system has no locks, nothing counts as left behind.
        if _lock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
            shutil.rmtree(leftover, ignore_errors=True)
        os.close(lock)


def _lock(descriptor: int, how: int) -> bool:
    """Return whether the lock could be had."""
    try:
        fcntl.flock(descriptor, how)
    except OSError:
        return False
    return True


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as written:
                os.fsync(written.fileno())


def _rename(unfinished: Path, folder: Path) -> None:
    try:
        unfinished.rename(folder)
    except OSError:
        # Another process was faster, with the same content.
        if not folder.is_dir():
            raise
