"""Labelled boxes in the two formats that most tools read: Pascal VOC, a file per photo, and COCO, one for all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from analysis.review.review import Box, ReviewedPhoto
from analysis.whole_file import write_text

# What a box of no known product is called; data=photos reads it as unknown.
UNKNOWN = "__UNKNOWN"


@dataclass(frozen=True)
class LabelledPhoto:
    """A photo whose boxes have products.

    Attributes:
        name: Its path below the output folder.
        photo: Its size and boxes.
        products: Name of each box's product, empty for unknown.
    """

    name: str
    photo: ReviewedPhoto
    products: Sequence[str]


def write_voc(labelled: LabelledPhoto, path: Path) -> None:
    """Write a photo's boxes as Pascal VOC: pixels counted from 1 where all are whole, else from 0."""
    root = ElementTree.Element("annotation")
    ElementTree.SubElement(root, "filename").text = Path(labelled.name).name
    _append(root, "size", {"width": labelled.photo.width, "height": labelled.photo.height, "depth": 3})
    boxes = labelled.photo.boxes
    first = 1 if all(value == round(value) for box in boxes for value in box) else 0
    for (x1, y1, x2, y2), product in zip(boxes, labelled.products, strict=True):
        item = ElementTree.SubElement(root, "object")
        ElementTree.SubElement(item, "name").text = product or UNKNOWN
        _append(item, "bndbox", {"xmin": x1 + first, "ymin": y1 + first, "xmax": x2, "ymax": y2})
    ElementTree.indent(root)
    write_text(path, ElementTree.tostring(root, encoding="unicode") + "\n")


def write_coco(photos: Sequence[LabelledPhoto], path: Path) -> None:
    """Write the boxes of all photos as COCO."""
    names = sorted({product or UNKNOWN for photo in photos for product in photo.products})
    category = {name: number for number, name in enumerate(names, start=1)}
    boxes = [
        (image, box, category[product or UNKNOWN])
        for image, photo in enumerate(photos, start=1)
        for box, product in zip(photo.photo.boxes, photo.products, strict=True)
    ]
    content = {
        "images": [
            {"id": number, "file_name": photo.name, "width": photo.photo.width, "height": photo.photo.height}
            for number, photo in enumerate(photos, start=1)
        ],
        "categories": [{"id": number, "name": name} for name, number in category.items()],
        "annotations": [
            {"id": number, "image_id": image, "category_id": kind, "iscrowd": 0, **_coco_box(box)}
            for number, (image, box, kind) in enumerate(boxes, start=1)
        ],
    }
    write_text(path, json.dumps(content, indent=1) + "\n")


def _coco_box(box: Box) -> dict[str, object]:
    width, height = box[2] - box[0], box[3] - box[1]
    return {"bbox": [box[0], box[1], width, height], "area": width * height}


def _append(parent: ElementTree.Element, name: str, numbers: dict[str, float]) -> None:
    element = ElementTree.SubElement(parent, name)
    for key, value in numbers.items():
        ElementTree.SubElement(element, key).text = f"{value:.10g}"
