"""VGG Image Annotator's CSV: shapes and attributes as JSON in the fields of a table."""

import csv
import json
from functools import partial
from pathlib import Path

from datamodules.box_files.detections import Detections
from datamodules.box_files.formats.json.via import via_region
from datamodules.box_files.formats.photos import PhotoEntry, PhotoReader, Reader

SHAPE, ATTRIBUTES = "region_shape_attributes", "region_attributes"


def is_via_csv(text: str) -> bool:
    """Return whether the header is VIA's, perhaps behind a mark of comment."""
    return SHAPE in text.split("\n", 1)[0]


def open_via_csv(text: str, file: Path) -> Reader:
    """Return what reads one shape per row."""
    lines = [line for line in text.removeprefix("#").lstrip().split("\n") if not line.startswith("#")]
    photos: dict[str, list[tuple[int, dict[str, str]]]] = {}
    try:
        for number, row in enumerate(csv.DictReader(lines), 2):
            photos.setdefault(row["filename"], []).append((number, row))
    except csv.Error as error:
        raise ValueError(f"{file}: {error}") from error
    return PhotoReader([PhotoEntry(name, partial(_read, rows, file)) for name, rows in photos.items()], file)


def _read(rows: list[tuple[int, dict[str, str]]], file: Path) -> Detections:
    read = []
    for number, row in rows:
        shape = json.loads(row[SHAPE] or "{}")
        if shape:
            read.append(via_region(shape, json.loads(row.get(ATTRIBUTES) or "{}"), f"{file}: row {number}"))
    records = [record for record in read if record is not None]
    left_out = len(read) - len(records)
    return Detections(records, warnings=(f"{file}: {left_out} points and lines are left out",) if left_out else ())


VIA_CSV = "VIA CSV (region_shape_attributes)"
