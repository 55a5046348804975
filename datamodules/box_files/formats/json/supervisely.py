"""Supervisely's JSON: one photo, objects with ``points: {exterior, interior}`` in pixels."""

from pathlib import Path
from typing import Any

from datamodules.box_files.detections import Detections, Record, to_size
from datamodules.box_files.formats.photos import Format, Reader, bounding_box

AREAS = ("rectangle", "polygon")


def _is_supervisely(document: Any) -> bool:
    return isinstance(document, dict) and isinstance(document.get("objects"), list) and "size" in document


def _open_supervisely(document: dict[str, Any], file: Path) -> Reader:
    objects, size = document["objects"], document["size"]
    kinds = {str(item.get("geometryType", "rectangle")) for item in objects}
    if not kinds <= set(AREAS):
        wrong = ", ".join(sorted(kinds - set(AREAS)))
        raise ValueError(
            f"{file} has Supervisely's geometry {wrong}; convert it to rectangles or polygons and export anew"
        )
    records = [
        Record(
            bounding_box(item["points"]["exterior"], f"{file}: object {number}"),
            id=str(item.get("id") or ""),
            name=str(item.get("classTitle") or ""),
        )
        for number, item in enumerate(objects)
    ]
    detections = Detections(records, to_size(size.get("width"), size.get("height"), f"{file}: size"))
    return lambda photo: detections


SUPERVISELY = Format("Supervisely JSON (objects, size)", _is_supervisely, _open_supervisely)
