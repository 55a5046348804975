"""CVAT's XML for images: images with boxes, polygons and ellipses in pixels."""

from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from datamodules.box_files.detections import Detections, Record, to_numbers, to_size
from datamodules.box_files.formats.photos import Format, PhotoEntry, PhotoReader, Reader, bounding_box

BOX = ("xtl", "ytl", "xbr", "ybr")
ELLIPSE = ("cx", "cy", "rx", "ry")


def _is_cvat(root: ElementTree.Element) -> bool:
    return root.tag == "annotations" and (root.find("image") is not None or root.find("track") is not None)


def _open_cvat(root: ElementTree.Element, file: Path) -> Reader:
    if root.find("track") is not None:
        raise ValueError(
            f"{file} is CVAT's XML for video, which is not read; export it as 'CVAT for images 1.1' or COCO"
        )
    images = list(root.iterfind("image"))
    entries = [
        PhotoEntry(image.get("name", ""), partial(_read, image, f"{file}: image {image.get('name')}"), len(image))
        for image in images
    ]
    return PhotoReader(entries, file)


def _read(image: ElementTree.Element, where: str) -> Detections:
    read = [_read_shape(shape, f"{where}: {shape.tag} {number}") for number, shape in enumerate(image)]
    records = [record for record in read if record is not None]
    left_out = len(read) - len(records)
    warnings = (f"{where}: {left_out} shapes that are no boxes, polygons or ellipses are left out",) if left_out else ()
    return Detections(records, to_size(image.get("width"), image.get("height"), where), warnings=warnings)


def _read_shape(shape: ElementTree.Element, where: str) -> Record | None:
    if shape.tag == "box":
        corners = to_numbers(map(shape.get, BOX), where, f"numbers for {', '.join(BOX)}")
    elif shape.tag == "polygon":
        corners = bounding_box([point.split(",") for point in shape.get("points", "").split(";")], where)
    elif shape.tag == "ellipse":
        x, y, a, b = to_numbers(map(shape.get, ELLIPSE), where, f"numbers for {', '.join(ELLIPSE)}")
        corners = (x - a, y - b, x + a, y + b)
    else:
        return None
    return Record(corners, name=shape.get("label", ""))


CVAT = Format("CVAT XML for images", _is_cvat, _open_cvat)
