"""Finding the box file of a photo."""

from pathlib import Path

from datamodules.box_files.detect import recognise

SUFFIXES = (".json", ".xml", ".txt", ".csv")


def find_box_file(photo: Path, boxes: Path | None = None) -> Path:
    """Return the box file of a photo.

    Args:
        photo: The photo.
        boxes: One file for all photos; or a folder with one file per photo; or None for the photo's own folder. In a
            folder, the first of PHOTO.json, PHOTO.xml, PHOTO.txt, PHOTO.csv that is a box file is taken.

    Raises:
        FileNotFoundError: If there is none.
        ValueError: If there are files of that name but none is a box file.
    """
    if boxes is not None and not boxes.is_dir():
        if not boxes.is_file():
            raise FileNotFoundError(f"there is no box file {boxes}")
        return boxes
    folder = boxes or photo.parent
    refused = []
    for candidate in (folder / f"{photo.stem}{suffix}" for suffix in SUFFIXES):
        if candidate.is_file():
            try:
                recognise(candidate)
            except ValueError as error:
                refused.append(str(error))
            else:
                return candidate
    if refused:
        raise ValueError(f"no file in {folder} has the boxes of {photo.name}: {' | '.join(refused)}")
    looked = ", ".join(f"{photo.stem}{suffix}" for suffix in SUFFIXES)
    raise FileNotFoundError(f"there are no boxes of {photo}: none of {looked} is in {folder}")
