"""Pascal VOC's XML: one photo, objects with a name and ``<bndbox>``.

Pascal VOC counts pixels from 1 and the last one belongs to the box; many tools write the same elements counted from 0.
Only the first pixel tells: a file in which a box starts at 0, or at a fraction, cannot count from 1.
"""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from datamodules.box_files.detections import Detections, Record, to_numbers, to_size
from datamodules.box_files.orientation import Photo

CORNERS = ("xmin", "ymin", "xmax", "ymax")


def is_voc(root: ElementTree.Element) -> bool:
    """Return whether an XML document is an annotation of one photo."""
    return root.tag == "annotation"


def read_voc(root: ElementTree.Element, file: Path, photo: Photo) -> Detections:
    """Return the objects' boxes; the names of photo and folder inside are often stale and are not looked at.

    Raises:
        ValueError: Naming the object at fault.
    """
    objects = list(root.iterfind("object"))
    corners = [_corners(element, f"{file}: object {number}") for number, element in enumerate(objects)]
    names = [(element.findtext("name") or "").strip() for element in objects]
    records = [Record(box, name=name) for box, name in zip(_count_from_zero(corners), names, strict=True)]
    width, height = ((root.findtext(f"size/{side}") or "").strip() for side in ("width", "height"))
    return Detections(records, to_size(width, height, f"{file}: size"))


def _corners(element: ElementTree.Element, where: str) -> tuple[float, ...]:
    box = element.find("bndbox")
    texts = [None if box is None else box.findtext(corner) for corner in CORNERS]
    return to_numbers(texts, where, "<bndbox> with numbers in <xmin>, <ymin>, <xmax>, <ymax>")


def _count_from_zero(corners: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    boxes = np.array(corners).reshape(-1, 4)
    if (boxes[:, :2] >= 1).all() and (boxes == boxes.round()).all():
        # The last pixel's number counted from 1 is the first one after it counted from 0: x2 and y2 stay.
        boxes = boxes - [1, 1, 0, 0]
    return [tuple(box) for box in boxes.tolist()]
