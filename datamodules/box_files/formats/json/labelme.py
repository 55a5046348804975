"""LabelMe's JSON: one photo, shapes of two or more points in pixels."""

from math import hypot
from pathlib import Path
from typing import Any

from datamodules.box_files.detections import Detections, Record, to_size
from datamodules.box_files.formats.photos import Format, PhotoEntry, PhotoReader, Reader, bounding_box

NO_AREAS = ("point", "points", "line", "linestrip")


def _is_labelme(document: Any) -> bool:
    return isinstance(document, dict) and isinstance(document.get("shapes"), list)


def _open_labelme(document: dict[str, Any], file: Path) -> Reader:
    shapes = document["shapes"]
    kept = [(number, shape) for number, shape in enumerate(shapes) if shape.get("shape_type") not in NO_AREAS]
    left_out = len(shapes) - len(kept)
    records = [_read_shape(shape, f"{file}: shape {number}") for number, shape in kept]
    size = to_size(document.get("imageWidth"), document.get("imageHeight"), f"{file}: imageWidth, imageHeight")
    warnings = (f"{file}: {left_out} points and lines are left out",) if left_out else ()
    detections = Detections(records, size, warnings=warnings)
    return PhotoReader([PhotoEntry(str(document.get("imagePath") or ""), lambda: detections)], file, one_photo=True)


def _read_shape(shape: dict[str, Any], where: str) -> Record:
    x1, y1, x2, y2 = bounding_box(shape.get("points"), where)
    if shape.get("shape_type") == "circle":
        # The centre and a point of the rim.
        (x, y), (rim_x, rim_y) = shape["points"]
        radius = hypot(rim_x - x, rim_y - y)
        x1, y1, x2, y2 = x - radius, y - radius, x + radius, y + radius
    return Record((x1, y1, x2, y2), name=str(shape.get("label") or ""))


LABELME = Format("LabelMe JSON (shapes)", _is_labelme, _open_labelme)
