"""dlib's and imglab's XML: images with boxes by top, left, width and height in pixels."""

from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from datamodules.box_files.detections import Detections, Record, to_numbers
from datamodules.box_files.formats.photos import Format, PhotoEntry, PhotoReader, Reader

BOX = ("left", "top", "width", "height")


def _is_dlib(root: ElementTree.Element) -> bool:
    return root.tag == "dataset" and root.find("images/image") is not None


def _open_dlib(root: ElementTree.Element, file: Path) -> Reader:
    images = list(root.iterfind("images/image"))
    entries = [PhotoEntry(image.get("file", ""), partial(_read, image, file), len(image)) for image in images]
    return PhotoReader(entries, file)


def _read(image: ElementTree.Element, file: Path) -> Detections:
    boxes = [box for box in image.iterfind("box") if box.get("ignore") != "1"]
    where = f"{file}: image {image.get('file')}: box "
    return Detections(
        [
            Record(to_numbers(map(box.get, BOX), f"{where}{number}", f"numbers for {', '.join(BOX)}"),
                   name=(box.findtext("label") or "").strip())
            for number, box in enumerate(boxes)
        ],
        layout="xywh",
    )  # fmt: skip


DLIB = Format("dlib XML (dataset)", _is_dlib, _open_dlib)
