"""Finding the box file of a photo."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from datamodules.box_files.detect import recognise

SUFFIXES = (".json", ".xml", ".txt", ".csv", ".jsonl", ".tsv")


def find_box_file(photo: Path, boxes: Path | None = None) -> Path:
    """Return the box file of a photo.

    Args:
        photo: The photo.
        boxes: One file for all photos; or a folder with one file per photo; or None for the photo's own folder. In a
            folder, the first of PHOTO.json, PHOTO.xml, PHOTO.txt, PHOTO.csv, PHOTO.jsonl, PHOTO.tsv and
            PHOTO.jpg.json (with the photo's own suffix) that is a box file is taken, in any Unicode normal form.

    Raises:
        FileNotFoundError: If there is none, or no photo.
        ValueError: If there are files of that name but none is a box file.
    """
    if boxes is not None and not boxes.is_dir():
        if not boxes.is_file():
            raise FileNotFoundError(f"there is no box file {boxes}")
        return boxes
    folder = boxes or photo.parent
    refused = []
    for name in (*(f"{photo.stem}{suffix}" for suffix in SUFFIXES), f"{photo.name}.json"):
        candidate = _file_called(folder, name)
        if candidate is not None:
            try:
                recognise(candidate)
            except ValueError as error:
                refused.append(str(error))
            else:
                return candidate
    if refused:
        raise ValueError(f"no file in {folder} has the boxes of {photo.name}: {' | '.join(refused)}")
    if not photo.is_file():
        raise FileNotFoundError(f"there is no photo {photo}")
    looked = ", ".join(f"{photo.stem}{suffix}" for suffix in SUFFIXES)
    raise FileNotFoundError(f"there are no boxes of {photo}: none of {looked} is in {folder}")


def _file_called(folder: Path, name: str) -> Path | None:
    """Return the file of a name in any Unicode normal form: macOS takes letters and their marks apart."""
    candidate = folder / name
    if candidate.is_file():
        return candidate
    # In ASCII there is one form alone; then nothing needs to be listed.
    return None if name.isascii() else _names_in(folder, folder.stat().st_mtime_ns).get(_normal(name))


@lru_cache(maxsize=4)
def _names_in(folder: Path, changed: int) -> dict[str, Path]:
    return {_normal(path.name): path for path in folder.iterdir() if not path.name.isascii() and path.is_file()}


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name)
