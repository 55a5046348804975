"""Formats in XML: Pascal VOC and LabelMe's old one, CVAT for images, dlib."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from datamodules.box_files.detections import Detections, Record, to_numbers, to_size
from datamodules.box_files.formats.photos import PhotoEntry, PhotoReader, Reader
from datamodules.box_files.formats.shapes import around, bounding_box, collect, named_numbers, numbered

VOC_BOX, CVAT_BOX = ("xmin", "ymin", "xmax", "ymax"), ("xtl", "ytl", "xbr", "ybr")
CVAT_ELLIPSE, DLIB_BOX = ("cx", "cy", "rx", "ry"), ("left", "top", "width", "height")


def read_voc(root: Element, file: Path) -> Reader | None:
    """Read one photo, objects with a name and ``<bndbox>``, or with polygons.

    Pascal VOC counts pixels from 1 and the last one belongs to the box; many tools write the same elements counted from
    0. Only the first pixel tells: a file in which a box starts at 0, or at a fraction, cannot count from 1.
    """
    if root.tag != "annotation":
        return None
    objects = [element for element in root.iterfind("object") if _text(element, "deleted") != "1"]
    sides = ("size/width", "size/height") if root.find("size") is not None else ("imagesize/ncols", "imagesize/nrows")
    width, height = (_text(root, side) for side in sides)
    detections = collect(
        f"{file}", numbered(f"{file}: object", objects), _voc_object, to_size(width, height, f"{file}: size")
    )
    if all(element.find("bndbox") is not None for element in objects):
        detections = _count_from_zero(detections)
    name = _text(root, "filename") or _text(root, "path")
    return PhotoReader([PhotoEntry(name, lambda: detections)], file, one_photo=True)


def _voc_object(element: Element, where: str) -> Record:
    box, polygon = element.find("bndbox"), element.find("polygon")
    if box is None and polygon is not None:
        points = [[point.findtext("x"), point.findtext("y")] for point in polygon.iterfind("pt")]
        corners = bounding_box(points or _numbered_points(polygon), where)
    else:
        texts = [None if box is None else box.findtext(corner) for corner in VOC_BOX]
        corners = to_numbers(texts, where, "<bndbox> with numbers in <xmin>, <ymin>, <xmax>, <ymax>")
    return Record(corners, name=_text(element, "name"))


def _numbered_points(polygon: Element) -> list[list[str | None]]:
    """Return the points of <x1>, <y1>, <x2>, <y2>, ..., as Roboflow and Datumaro write them."""
    count = sum(child.tag.startswith("x") for child in polygon)
    return [[polygon.findtext(f"{axis}{number}") for axis in "xy"] for number in range(1, count + 1)]


def _count_from_zero(detections: Detections) -> Detections:
    boxes = detections.numbers
    if (boxes[:, :2] < 1).any() or (boxes != boxes.round()).any():
        return detections
    # The last pixel's number counted from 1 is the first one after it counted from 0: x2 and y2 stay.
    boxes = boxes - np.array([1, 1, 0, 0])
    records = [
        replace(record, numbers=tuple(box)) for record, box in zip(detections.records, boxes.tolist(), strict=True)
    ]
    return replace(detections, records=records)


def read_cvat(root: Element, file: Path) -> Reader | None:
    """Read images with boxes, polygons and ellipses in pixels."""
    if root.tag == "annotations" and root.find("track") is not None:
        raise ValueError(
            f"{file} is CVAT's XML for video, which is not read; export it as 'CVAT for images 1.1' or COCO"
        )
    if root.tag != "annotations" or root.find("image") is None:
        return None
    return _images(root.iterfind("image"), "name", _cvat_image, file)


def _cvat_image(image: Element, where: str) -> Detections:
    shapes = [(f"{where}: {shape.tag} {number}", shape) for number, shape in enumerate(image)]
    size = to_size(image.get("width"), image.get("height"), where)
    return collect(where, shapes, _cvat_shape, size, no_boxes="shapes that are no boxes, polygons or ellipses")


def _cvat_shape(shape: Element, where: str) -> Record | None:
    if shape.tag == "box":
        corners = named_numbers(shape, CVAT_BOX, where)
    elif shape.tag == "polygon":
        corners = bounding_box([point.split(",") for point in shape.get("points", "").split(";")], where)
    elif shape.tag == "ellipse":
        corners = around(*named_numbers(shape, CVAT_ELLIPSE, where))
    else:
        return None
    return Record(corners, name=shape.get("label", ""))


def read_dlib(root: Element, file: Path) -> Reader | None:
    """Read dlib's and imglab's images with boxes by top, left, width and height in pixels."""
    if root.tag != "dataset" or root.find("images/image") is None:
        return None
    return _images(root.iterfind("images/image"), "file", _dlib_image, file)


def _dlib_image(image: Element, where: str) -> Detections:
    boxes = [box for box in image.iterfind("box") if box.get("ignore") != "1"]
    return collect(where, numbered(f"{where}: box", boxes), _dlib_box, layout="xywh")


def _dlib_box(box: Element, where: str) -> Record:
    return Record(named_numbers(box, DLIB_BOX, where), name=_text(box, "label"))


def _images(images: Iterable[Element], title: str, read: Callable[[Element, str], Detections], file: Path) -> Reader:
    entries = [
        PhotoEntry(image.get(title, ""), partial(read, image, f"{file}: image {image.get(title)}"), len(image))
        for image in images
    ]
    return PhotoReader(entries, file)


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


XML_FORMATS = {
    "Pascal VOC and LabelMe XML (annotation)": read_voc,
    "CVAT XML for images": read_cvat,
    "dlib XML (dataset)": read_dlib,
}
