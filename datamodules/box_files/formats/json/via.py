"""VGG Image Annotator's JSON, of version 1 and 2, and CSV: regions of shapes in pixels."""

import csv
import json
from functools import partial
from pathlib import Path

from datamodules.box_files.detections import Record
from datamodules.box_files.formats.json.values import Json, get, list_in, needed_object, object_in, text
from datamodules.box_files.formats.photos import PhotoEntry, PhotoReader, Reader
from datamodules.box_files.formats.shapes import around, bounding_box, collect, named_numbers

SHAPE, ATTRIBUTES = "region_shape_attributes", "region_attributes"
CORNER = ("x", "y", "width", "height")
RADII = {"circle": ("cx", "cy", "r", "r"), "ellipse": ("cx", "cy", "rx", "ry")}


def read_via(document: Json, file: Path) -> Reader | None:
    """Read photos with ``filename`` and ``regions``, at the top or in ``_via_img_metadata``."""
    inside = get(document, "_via_img_metadata") or document
    entries = [
        _photo(photo, f"{file}: {key}")
        for key, photo in (inside.items() if isinstance(inside, dict) else ())
        if isinstance(photo, dict) and photo.keys() >= {"filename", "regions"}
    ]
    return PhotoReader(entries, file) if entries else None


def _photo(photo: Json, where: str) -> PhotoEntry:
    by_number = object_in(photo, "regions")
    regions = list_in(photo, "regions") or [] if by_number is None else by_number.values()
    shapes = [(where, region) for region in regions]
    return PhotoEntry(text(photo, "filename"), partial(collect, where, shapes, _region), len(shapes))


def _region(region: Json, where: str) -> Record | None:
    return _shape(needed_object(region, "shape_attributes", where), get(region, ATTRIBUTES), where)


def read_via_csv(content: str, file: Path) -> Reader | None:
    """Read one shape per row, as JSON in the fields of a table whose header may be marked as a comment."""
    if SHAPE not in content.split("\n", 1)[0]:
        return None
    lines = [line for line in content.removeprefix("#").lstrip().split("\n") if not line.startswith("#")]
    photos: dict[str, list[tuple[str, dict[str, str]]]] = {}
    try:
        for number, row in enumerate(csv.DictReader(lines), 2):
            rows = photos.setdefault(row["filename"], [])
            # A photo without boxes has a row without a shape.
            if row[SHAPE] not in ("", "{}", None):
                rows.append((f"{file}: row {number}", row))
    except csv.Error as error:
        raise ValueError(f"{file}: {error}") from error
    return PhotoReader(
        [PhotoEntry(name, partial(collect, f"{file}", rows, _row)) for name, rows in photos.items()], file
    )


def _row(row: dict[str, str], where: str) -> Record | None:
    return _shape(json.loads(row[SHAPE]), json.loads(row.get(ATTRIBUTES) or "{}"), where)


def _shape(shape: dict[str, Json], attributes: Json, where: str) -> Record | None:
    """Return the box around a region, or None if it has no area."""
    kind = shape.get("name")
    if kind in ("rect", "rectangle"):
        x, y, w, h = named_numbers(shape, CORNER, where)
        corners: tuple[float, ...] = (x, y, x + w, y + h)
    elif kind == "circle" or kind == "ellipse":
        corners = around(*named_numbers(shape, RADII[kind], where))
    elif kind == "polygon":
        points = zip(list_in(shape, "all_points_x") or (), list_in(shape, "all_points_y") or (), strict=False)
        corners = bounding_box([list(point) for point in points], where)
    else:
        return None
    return Record(corners, name=_product(attributes))


def _product(attributes: Json) -> str:
    for value in attributes.values() if isinstance(attributes, dict) else ():
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, dict) and any(value.values()):
            return next(option for option, chosen in value.items() if chosen)
    return ""
