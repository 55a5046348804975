"""Pascal VOC's XML: one photo, objects with a name and ``<bndbox>``; LabelMe's old XML, with polygons instead.

Pascal VOC counts pixels from 1 and the last one belongs to the box; many tools write the same elements counted from 0.
Only the first pixel tells: a file in which a box starts at 0, or at a fraction, cannot count from 1.
"""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from datamodules.box_files.detections import Detections, Record, to_numbers, to_size
from datamodules.box_files.formats.photos import Format, PhotoEntry, PhotoReader, Reader, bounding_box

CORNERS = ("xmin", "ymin", "xmax", "ymax")


def _is_voc(root: ElementTree.Element) -> bool:
    return root.tag == "annotation"


def _open_voc(root: ElementTree.Element, file: Path) -> Reader:
    detections = _read(root, file)
    name = (root.findtext("filename") or root.findtext("path") or "").strip()
    return PhotoReader([PhotoEntry(name, lambda: detections)], file, one_photo=True)


def _read(root: ElementTree.Element, file: Path) -> Detections:
    objects = [element for element in root.iterfind("object") if (element.findtext("deleted") or "0").strip() != "1"]
    corners = [_corners(element, f"{file}: object {number}") for number, element in enumerate(objects)]
    names = [(element.findtext("name") or "").strip() for element in objects]
    pixels = all(element.find("bndbox") is not None for element in objects)
    boxes = _count_from_zero(corners) if pixels else corners
    sides = ("size/width", "size/height") if root.find("size") is not None else ("imagesize/ncols", "imagesize/nrows")
    width, height = ((root.findtext(side) or "").strip() for side in sides)
    records = [Record(box, name=name) for box, name in zip(boxes, names, strict=True)]
    return Detections(records, to_size(width, height, f"{file}: size"))


def _corners(element: ElementTree.Element, where: str) -> tuple[float, ...]:
    box, polygon = element.find("bndbox"), element.find("polygon")
    if box is None and polygon is not None:
        points = [[point.findtext("x"), point.findtext("y")] for point in polygon.iterfind("pt")]
        return bounding_box(points or _numbered_points(polygon), where)
    texts = [None if box is None else box.findtext(corner) for corner in CORNERS]
    return to_numbers(texts, where, "<bndbox> with numbers in <xmin>, <ymin>, <xmax>, <ymax>")


def _numbered_points(polygon: ElementTree.Element) -> list[list[str | None]]:
    """Return the points of <x1>, <y1>, <x2>, <y2>, ..., as Roboflow and Datumaro write them."""
    count = sum(child.tag.startswith("x") for child in polygon)
    return [[polygon.findtext(f"{axis}{number}") for axis in "xy"] for number in range(1, count + 1)]


def _count_from_zero(corners: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    boxes = np.array(corners).reshape(-1, 4)
    if (boxes[:, :2] >= 1).all() and (boxes == boxes.round()).all():
        # The last pixel's number counted from 1 is the first one after it counted from 0: x2 and y2 stay.
        boxes = boxes - [1, 1, 0, 0]
    return [tuple(box) for box in boxes.tolist()]


VOC = Format("Pascal VOC and LabelMe XML (annotation)", _is_voc, _open_voc)
