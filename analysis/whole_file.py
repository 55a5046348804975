"""Files that are whole or absent: what is written gets its name when all of it is on the disk."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

# How the name of a file begins that is being written, or that a killed process left.
UNFINISHED = ".unfinished-"


@contextmanager
def whole_file(path: str | Path, durable: bool = True) -> Iterator[Path]:
    """Yield the name to write a file under; it becomes the file when the block ends, and is removed if that fails.

    The file is written beside its final place, for across two devices nothing is moved at once. A name that a killed
    process left is removed by the next one that writes into the folder.

    Args:
        path: The file; its folder is made. A file that is there stays until the new one is whole.
        durable: Wait until it is on the disk, so that it is whole after a power failure too; takes some milliseconds.

    Raises:
        OSError: If it cannot be written; names the file.
    """
    # A link goes on to be one.
    target = Path(path).resolve()
    unfinished = target.with_name(f"{UNFINISHED}{secrets.token_hex(8)}{target.suffix}")
    try:
        _check_place(target)
        with unfinished.open("xb") as held:
            _lock(held.fileno())
            try:
                yield unfinished
                if durable:
                    _sync(unfinished)
                unfinished.replace(target)
            finally:
                unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise OSError(f"{path} cannot be written: {error.strerror or error}") from error


def write_text(path: str | Path, text: str) -> None:
    """Write a text as UTF-8, whole or not at all."""
    with whole_file(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def write_bytes(path: str | Path, content: bytes | memoryview) -> None:
    """Write bytes, whole or not at all."""
    with whole_file(path) as unfinished:
        unfinished.write_bytes(content)


@cache
def remove_leftovers(folder: Path) -> None:
    """Remove what killed processes left in a folder, once per process; what a living one holds is locked and stays."""
    for leftover in folder.glob(f"{UNFINISHED}*"):
        try:
            with leftover.open("rb") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                leftover.unlink()
        except OSError:
            # Somebody else's; it does no harm where it is.
            continue


def _check_place(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and not target.is_file():
        raise OSError("it is there already and is not a file")
    remove_leftovers(target.parent)


def _sync(path: Path) -> None:
    with path.open("rb") as written:
        os.fsync(written.fileno())


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        # Some network file systems have no locks; there, leftovers are not removed either.
        return
