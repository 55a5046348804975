"""JSON of boxes as lists of four numbers: ``{boxes, labels, scores}`` of torchvision and MMDetection, xyxy."""

from pathlib import Path
from typing import Any

from datamodules.box_files.detections import Detections, Record, to_numbers
from datamodules.box_files.formats.photos import Format, Reader

LAYOUTS = {"xyxy": "corners", "boxes": "corners", "bboxes": "corners", "xywh": "xywh", "cxcywh": "cxcywh"}
NAMES = ("labels", "names", "class_name", "classes", "class_id", "products")


def _key(document: Any) -> str | None:
    found = [key for key in LAYOUTS if isinstance(document, dict) and _are_boxes(document.get(key))]
    return found[0] if found else None


def _are_boxes(values: Any) -> bool:
    return isinstance(values, list) and bool(values) and all(isinstance(box, list) and len(box) == 4 for box in values)


def _open_arrays(document: dict[str, Any], file: Path) -> Reader:
    key = _key(document) or "boxes"
    boxes = document[key]
    names: list[Any] = next((document[name] for name in NAMES if isinstance(document.get(name), list)), [])
    if names and len(names) != len(boxes):
        raise ValueError(f"{file} has {len(boxes)} {key} and {len(names)} names for them")
    numbers = [to_numbers(box, f"{file}: {key}[{row}]", "four numbers") for row, box in enumerate(boxes)]
    records = [Record(box, name=str(names[row]) if names else "") for row, box in enumerate(numbers)]
    detections = Detections(records, layout=LAYOUTS[key])
    return lambda photo: detections


ARRAYS = Format("JSON {boxes: [[x1, y1, x2, y2]], labels}", lambda document: _key(document) is not None, _open_arrays)
