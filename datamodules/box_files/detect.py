"""Recognising a box file's format by its content."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from datamodules.box_files.detections import Detections
from datamodules.box_files.formats.coco import is_coco, read_coco
from datamodules.box_files.formats.corners_json import is_report, read_report
from datamodules.box_files.formats.table import layout_of, read_table
from datamodules.box_files.formats.voc import is_voc, read_voc
from datamodules.box_files.formats.yolo import is_yolo, read_yolo
from datamodules.box_files.orientation import Photo

Reader = Callable[[Photo], Detections]

FORMATS = (
    "JSON {id: {x1, y1, x2, y2}}",
    "COCO JSON (images, annotations)",
    "Pascal VOC XML (annotation)",
    "YOLO txt (class cx cy w h)",
    "CSV with a header (x1, y1, x2, y2)",
    "SKU-110K CSV (image, x1, y1, x2, y2, class, width, height)",
)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def recognise(file: Path) -> Reader:
    """Return what reads a box file's boxes of a photo.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it holds no boxes, is broken, or is in no format that is read.
    """
    if not file.is_file():
        raise FileNotFoundError(f"there is no box file {file}")
    content = file.read_bytes().removeprefix(BYTE_ORDER_MARK).strip(b" \t\r\n")
    if not content:
        raise ValueError(f"{file} is empty: it holds no boxes")
    if content[:1] in (b"{", b"["):
        return _recognise_json(content, file)
    if content[:1] == b"<":
        return _recognise_xml(content, file)
    return _recognise_lines(content, file)


def _recognise_json(content: bytes, file: Path) -> Reader:
    try:
        document = json.loads(content, object_pairs_hook=partial(_unique, file))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{file} is not JSON: {error}") from error
    if not document:
        raise ValueError(f"{file} holds no boxes")
    if is_coco(document):
        return partial(read_coco, document, file)
    if is_report(document):
        return partial(read_report, document, file)
    raise _unknown(file)


def _unique(file: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a dictionary of a JSON object, in which json alone would let the last of two ids win."""
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"{file} has the id {next(key for key in keys if keys.count(key) > 1)!r} more than once")
    return values


def _recognise_xml(content: bytes, file: Path) -> Reader:
    # Expat resolves no external entities and, from 2.4 on, stops at entities that blow up.
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise ValueError(f"{file} is not XML: {error}") from error
    if is_voc(root):
        return partial(read_voc, root, file)
    raise _unknown(file)


def _recognise_lines(content: bytes, file: Path) -> Reader:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise _unknown(file) from None
    if is_yolo(text):
        return partial(read_yolo, text, file)
    layout = layout_of(text)
    if layout is not None:
        return partial(read_table, text, layout, file)
    raise _unknown(file)


def _unknown(file: Path) -> ValueError:
    return ValueError(f"{file} is in no format of boxes that is read; these are: {'; '.join(FORMATS)}")
