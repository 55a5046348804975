"""Finding the pictures of a folder, and saying what was left out."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif", ".avif", ".heic", ".heif"}
    | {".hif", ".mpo"}
)
# Pictures that are named when they are left out.
UNREAD = frozenset({".jp2", ".j2k", ".jxl", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".psd"})
# Folders that systems make beside one's own, apart from those that begin with a dot.
SYSTEM_FOLDERS = frozenset({"@eadir", "@recycle", "#recycle", "__macosx", "$recycle.bin", "lost+found"})
NAMED = 5


@dataclass(frozen=True)
class PictureFiles:
    """The pictures below a folder.

    Attributes:
        folder: The folder.
        files: The pictures, sorted by path.
        skipped: What was left out, by the reason.
        empty: Folders without pictures and folders, sorted.
    """

    folder: Path
    files: list[Path]
    skipped: dict[str, list[str]] = field(default_factory=dict)
    empty: list[Path] = field(default_factory=list)

    def describe(self) -> str:
        """Return in one line how many files were taken and what was skipped."""
        parts = [f"{len(names)} {reason} ({_listed(names)})" for reason, names in self.skipped.items()]
        skipped = f"; skipped {', '.join(parts)}" if parts else ""
        return f"{self.folder}: took {len(self.files)} picture{'s' * (len(self.files) != 1)}{skipped}"


def is_picture(path: Path) -> bool:
    """Return whether the file name looks like a picture's and is not hidden."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def pictures_below(folder: Path) -> PictureFiles:
    """Return the pictures of a folder and all folders in it, linked ones too, each once.

    Hidden folders, those of the system, and the results of scripts.group are left out.
    """
    found = PictureFiles(folder, [])
    root = folder.resolve()
    waiting, seen = [folder], set[Path]()
    while waiting:
        start = waiting.pop(0)
        target = start.resolve()
        if target in seen or (start != folder and root.is_relative_to(target)):
            _skip(found, "links to folders that are taken already", start)
            continue
        waiting += _take(found, start, seen)
    found.files.sort()
    found.empty.sort()
    return found


def _take(found: PictureFiles, start: Path, seen: set[Path]) -> Iterator[Path]:
    """Take the pictures of a folder and the real folders in it; yield the linked ones, which come last."""
    for place, folders, names in os.walk(start):
        here = Path(place)
        real = here.resolve()
        if real in seen or (here != found.folder and {"groups.json", "overlay.png"} <= set(names)):
            reason = "folders that are taken already" if real in seen else "folders of results"
            _skip(found, reason, here)
            folders.clear()
            continue
        seen.add(real)
        hidden = [name for name in folders if _is_hidden(name)]
        for name in hidden:
            _skip(found, "hidden folders", here / name)
        folders[:] = sorted(set(folders) - set(hidden))
        taken = _take_files(found, here, names)
        if not folders and not taken and here != found.folder:
            found.empty.append(here)
        yield from (here / name for name in folders if (here / name).is_symlink())


def _take_files(found: PictureFiles, folder: Path, names: list[str]) -> int:
    paths = [folder / name for name in sorted(names)]
    pictures = [path for path in paths if is_picture(path) and path.is_file()]
    found.files.extend(pictures)
    for path in paths:
        if path.suffix.lower() in UNREAD:
            _skip(found, "files of formats that are not read; export them as JPEG", path)
        elif path.suffix.lower() in SUFFIXES and path.name.startswith("."):
            _skip(found, "hidden files", path)
        elif is_picture(path) and not path.is_file():
            _skip(found, "links to nowhere", path)
    return len(pictures)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.lower() in SYSTEM_FOLDERS


def _skip(found: PictureFiles, reason: str, path: Path) -> None:
    found.skipped.setdefault(reason, []).append(path.relative_to(found.folder).as_posix())


def _listed(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")
