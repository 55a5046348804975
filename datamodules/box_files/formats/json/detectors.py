"""JSON of detectors: CreateML's and Roboflow's boxes by their centre, torchvision's and MMDetection's lists."""

from functools import partial
from pathlib import Path

from datamodules.box_files.detections import Detections, Record, to_numbers, wrong
from datamodules.box_files.formats.json.values import (
    Json,
    as_list,
    get,
    list_in,
    needed_object,
    object_in,
    size_in,
    text,
)
from datamodules.box_files.formats.photos import PhotoEntry, PhotoReader, Reader
from datamodules.box_files.formats.shapes import collect, named_numbers, numbered

CENTERED = ("x", "y", "width", "height")
LAYOUTS = {"xyxy": "corners", "boxes": "corners", "bboxes": "corners", "xywh": "xywh", "cxcywh": "cxcywh"}
NAMES = ("labels", "names", "class_name", "classes", "class_id", "products")


def read_createml(document: Json, file: Path) -> Reader | None:
    """Read ``[{image, annotations: [{label, coordinates: {x, y, width, height}}]}]``."""
    photos = as_list(document)
    first = list_in(photos[0], "annotations", "annotation")
    if first is None or any(object_in(item, "coordinates") is None for item in first):
        return None
    return PhotoReader([_createml_photo(photo, where) for where, photo in numbered(f"{file}: photo", photos)], file)


def _createml_photo(photo: Json, where: str) -> PhotoEntry:
    boxes = list_in(photo, "annotations", "annotation")
    if boxes is None:
        raise wrong(where, "annotations", photo)
    read = partial(collect, where, numbered(f"{where}: box", boxes), _createml_box, layout="cxcywh")
    return PhotoEntry(text(photo, "image", "imagefilename", "filename"), read, len(boxes))


def _createml_box(box: Json, where: str) -> Record:
    return Record(named_numbers(needed_object(box, "coordinates", where), CENTERED, where), name=text(box, "label"))


def read_roboflow(document: Json, file: Path) -> Reader | None:
    """Read ``{predictions: [{x, y, width, height, class}], image: {width, height}}``."""
    predictions = list_in(document, "predictions") or []
    boxes = [box for box in predictions if isinstance(box, dict) and box.keys() >= {*CENTERED, "class"}]
    if list_in(document, "predictions") is None or len(boxes) < len(predictions):
        return None
    size = size_in(get(document, "image"), f"{file}: image")
    detections = collect(f"{file}", numbered(f"{file}: box", boxes), _roboflow_box, size, "cxcywh")
    return lambda photo: detections


def _roboflow_box(box: dict[str, Json], where: str) -> Record:
    return Record(named_numbers(box, CENTERED, where), name=str(box["class"]))


def read_arrays(document: Json, file: Path) -> Reader | None:
    """Read ``{boxes: [[x1, y1, x2, y2]], labels: []}``."""
    key = next((key for key in LAYOUTS if _are_boxes(list_in(document, key))), None)
    if key is None:
        return None
    boxes, names = list_in(document, key) or [], list_in(document, *NAMES)
    if names and len(names) != len(boxes):
        raise ValueError(f"{file} has {len(boxes)} {key} and {len(names)} names for them")
    records = [
        Record(to_numbers(as_list(box), f"{file}: {key}[{row}]", "four numbers"), name=str(names[row]) if names else "")
        for row, box in enumerate(boxes)
    ]
    detections = Detections(records, layout=LAYOUTS[key])
    return lambda photo: detections


def _are_boxes(values: list[Json] | None) -> bool:
    return bool(values) and all(isinstance(box, list) and len(box) == 4 for box in values or ())
