"""Boxes by their centre in JSON: CreateML's list of photos, and the predictions of Roboflow's server."""

from functools import partial
from pathlib import Path
from typing import Any

from datamodules.box_files.detections import Detections, Record, to_numbers, to_size
from datamodules.box_files.formats.photos import Format, PhotoEntry, PhotoReader, Reader

CENTERED = ("x", "y", "width", "height")


def _is_createml(document: Any) -> bool:
    photo = document[0] if isinstance(document, list) else document
    annotations = photo.get("annotations", photo.get("annotation")) if isinstance(photo, dict) else None
    return isinstance(annotations, list) and all(
        isinstance(item, dict) and isinstance(item.get("coordinates"), dict) for item in annotations
    )


def _open_createml(document: Any, file: Path) -> Reader:
    photos = document if isinstance(document, list) else [document]
    entries = []
    for number, photo in enumerate(photos):
        boxes = [
            (item["coordinates"], item.get("label", "")) for item in photo.get("annotations", photo.get("annotation"))
        ]
        name = photo.get("image") or photo.get("imagefilename") or photo.get("filename") or ""
        entries.append(PhotoEntry(str(name), partial(_read, boxes, f"{file}: photo {number}"), len(boxes)))
    return PhotoReader(entries, file)


def _is_roboflow(document: Any) -> bool:
    predictions = document.get("predictions") if isinstance(document, dict) else None
    return isinstance(predictions, list) and all(
        isinstance(item, dict) and item.keys() >= {*CENTERED, "class"} for item in predictions
    )


def _open_roboflow(document: dict[str, Any], file: Path) -> Reader:
    boxes = [(item, item["class"]) for item in document["predictions"]]
    given = document.get("image")
    image = given if isinstance(given, dict) else {}
    size = to_size(image.get("width"), image.get("height"), f"{file}: image")
    return lambda photo: _read(boxes, str(file), size)


def _read(boxes: list[tuple[dict[str, Any], Any]], where: str, size: tuple[int, int] | None = None) -> Detections:
    records = [
        Record(
            to_numbers((box.get(key) for key in CENTERED), f"{where}: box {number}", "x, y, width, height"),
            name=str(name),
        )
        for number, (box, name) in enumerate(boxes)
    ]
    return Detections(records, size, "cxcywh")


CREATEML = Format("CreateML JSON (image, annotations with coordinates)", _is_createml, _open_createml)
ROBOFLOW = Format("Roboflow predictions (x, y, width, height, class)", _is_roboflow, _open_roboflow)
