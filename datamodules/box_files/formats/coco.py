"""COCO's JSON: images, annotations with ``bbox: [x, y, width, height]`` counted from 0, and categories."""

from pathlib import Path
from typing import Any

from datamodules.box_files.detections import Detections, Record, to_numbers, to_size
from datamodules.box_files.orientation import Photo
from datamodules.box_files.selection import select_photo


def is_coco(document: Any) -> bool:
    """Return whether a JSON document lists images."""
    return isinstance(document, dict) and isinstance(document.get("images"), list)


def read_coco(document: dict[str, Any], file: Path, photo: Photo) -> Detections:
    """Return the boxes of one photo.

    Raises:
        ValueError: If the file does not name the photo, or naming the entry at fault.
    """
    images = _entries(document, "images", ("id", "file_name"), file)
    chosen = select_photo(photo.path, (str(image["file_name"]) for image in images), file)
    image = next(image for image in images if str(image["file_name"]) == chosen)
    names = {
        str(category["id"]): str(category["name"])
        for category in _entries(document, "categories", ("id", "name"), file, optional=True)
    }
    annotations = enumerate(_entries(document, "annotations", ("image_id", "bbox"), file))
    records = [
        _read_annotation(annotation, names, f"{file}: annotations[{number}]")
        for number, annotation in annotations
        if str(annotation["image_id"]) == str(image["id"])
    ]
    return Detections(records, to_size(image.get("width"), image.get("height"), f"{file}: image {chosen}"))


def _entries(
    document: dict[str, Any], key: str, needed: tuple[str, ...], file: Path, optional: bool = False
) -> list[dict[str, Any]]:
    entries = document.get(key, [] if optional else None)
    if not isinstance(entries, list):
        raise ValueError(f"{file}: expected COCO with a list of {key}, got {str(entries)[:120]}")
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict) or not entry.keys() >= set(needed):
            raise ValueError(f"{file}: {key}[{number}]: expected {', '.join(needed)}, got {str(entry)[:120]}")
    return entries


def _read_annotation(annotation: dict[str, Any], names: dict[str, str], where: str) -> Record:
    box, expected = annotation["bbox"], "bbox: [x, y, width, height] in numbers"
    if not isinstance(box, list) or len(box) != 4:
        raise ValueError(f"{where}: expected {expected}, got {str(box)[:120]}")
    x, y, width, height = to_numbers(box, where, expected)
    category, name = annotation.get("category_id"), annotation.get("id")
    return Record(
        (x, y, x + width, y + height),
        id="" if name is None else str(name),
        name="" if category is None else names.get(str(category), str(category)),
    )
