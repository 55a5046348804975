"""What a command wrote into a folder: that is replaced and removed when it runs again, and everything else stays."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.whole_file import UNFINISHED, write_text

# The files that a run wrote, as sha256sum writes and checks them.
SUMS = "SHA256SUMS"
# A name in the folder, and the SHA-256 of its content; while files are put in place, of the old and of the new one.
Sum = tuple[str, str]


@contextmanager
def rewritten(folder: Path, keep_old: bool = False) -> Iterator[Path]:
    """Yield an empty folder to fill; in the end its files take the place of those that an earlier run wrote.

    Args:
        folder: Where the files go; it is made.
        keep_old: Remove nothing.

    Raises:
        ValueError: If a file would be overwritten that no earlier run wrote, or that was changed since; nothing was
            written then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=UNFINISHED, dir=folder) as unfinished:
        yield Path(unfinished)
        new = {path.relative_to(unfinished).as_posix(): path for path in _files(Path(unfinished))}
        old, sums = _read_sums(folder), [(name, _digest(path)) for name, path in new.items()]
        _check_own(folder, old, sums)
        # Whoever kills the command now finds all files listed, and runs it again.
        _write_sums(folder, {*old, *sums})
        for name, path in new.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            path.replace(folder / name)
        if keep_old:
            return
        for name, digest in old:
            _remove(folder, name, digest, keep=new)
        _write_sums(folder, sums)


def _check_own(folder: Path, old: Sequence[Sum], new: Iterable[Sum]) -> None:
    for name, digest in new:
        path = folder / name
        if path.exists() and _digest(path) != digest and (name, _digest(path)) not in old:
            what = "was changed since it was written" if name in dict(old) else "is of no earlier run"
            raise ValueError(f"{path} {what} and would be overwritten: type another output, or move it away")


def _remove(folder: Path, name: str, digest: str, keep: Container[str]) -> None:
    """Remove a file of an earlier run unless it was changed since, and the folders that this leaves empty."""
    path = folder / name
    if name in keep or not path.is_file() or _digest(path) != digest:
        return
    path.unlink()
    while (path := path.parent) != folder and not any(path.iterdir()):
        path.rmdir()


def _read_sums(folder: Path) -> list[Sum]:
    path = folder / SUMS
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    named = [(name, digest) for digest, _, name in (line.partition("  ") for line in lines)]
    # Whatever a list says, nothing outside of the folder is removed.
    return [(name, digest) for name, digest in named if folder.resolve() in (folder / name).resolve().parents]


def _write_sums(folder: Path, sums: Iterable[Sum]) -> None:
    write_text(folder / SUMS, "".join(f"{digest}  {name}\n" for name, digest in sorted(sums)))


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
