"""Recognising a box file's format by its content."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from datamodules.box_files.detections import Detections
from datamodules.box_files.formats.json import JSON_FORMATS
from datamodules.box_files.formats.lines import LINE_FORMATS, open_lines
from datamodules.box_files.formats.photos import Reader
from datamodules.box_files.formats.unread import unread_bytes, unread_json, unread_xml
from datamodules.box_files.formats.xml import XML_FORMATS
from datamodules.box_files.placing.orientation import Photo
from datamodules.box_files.text import decode

# Parsed files that are kept: a table of all photos is asked for each of them, a file beside its photo twice.
KEPT = 4
# What reading a document raises whose parts are of other kinds than its format has.
MALFORMED = (TypeError, AttributeError, KeyError, IndexError, OverflowError, RecursionError, UnicodeError, MemoryError)


def recognise(file: Path) -> Reader:
    """Return what reads a box file's boxes of a photo; a file that did not change is parsed once.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it holds no boxes, is broken, or is in no format that is read.
    """
    if not file.is_file():
        raise FileNotFoundError(f"there is no box file {file}")
    status = file.stat()
    opened = _open(file, status.st_mtime_ns, status.st_size)
    if isinstance(opened, str):
        raise ValueError(opened)
    return opened


@lru_cache(maxsize=KEPT)
def _open(file: Path, changed: int, size: int) -> Reader | str:
    """Return what reads a file, or why it cannot be read: that too is found out once."""
    data = file.read_bytes()
    if unread := unread_bytes(data):
        return f"{file} is in no format of boxes that is read: it is {unread}"
    try:
        with _naming(file):
            text = decode(data, file)
            reader = _recognise(text.content, file)
    except ValueError as error:
        return str(error)

    def read(photo: Photo) -> Detections:
        with _naming(file):
            return reader(photo).with_warnings(*([text.warning] if text.warning else []))

    return read


@contextmanager
def _naming(file: Path) -> Iterator[None]:
    """Name the file where its parts are not what its format has."""
    try:
        yield
    except MALFORMED as error:
        raise ValueError(f"{file} is malformed: {type(error).__name__}: {error}") from error
    except ValueError as error:
        if str(file) in str(error):
            raise
        raise ValueError(f"{file} is malformed: {error}") from error


def _recognise(content: str, file: Path) -> Reader:
    if content[0] in "{[":
        return _recognise_json(content, file)
    if content[0] == "<":
        return _recognise_xml(content, file)
    reader = open_lines(content, file)
    if reader is None:
        raise _unknown(file)
    return reader


def _recognise_json(content: str, file: Path) -> Reader:
    document = _load_json(content, file)
    if not document:
        raise ValueError(f"{file} holds no boxes")
    found = next((known for known in JSON_FORMATS if known.fits(document)), None)
    if found is None:
        raise _unknown(file, unread_json(document))
    return found.open(document, file)


def _load_json(content: str, file: Path) -> Any:
    """Return a JSON document, or the list of those that stand on lines of their own."""
    load = partial(json.loads, object_pairs_hook=partial(_unique, file))
    try:
        return load(content)
    except RecursionError as error:
        raise ValueError(f"{file} is not JSON: {error}") from error
    except json.JSONDecodeError as error:
        lines = [line for line in content.split("\n") if line.strip()]
        if error.msg != "Extra data" or len(lines) < 2:
            raise ValueError(f"{file} is not JSON: {error}") from error
    try:
        return [load(line) for line in lines]
    except json.JSONDecodeError as error:
        raise ValueError(f"{file} is neither JSON nor lines of JSON: {error}") from error


def _unique(file: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a dictionary of a JSON object, in which json alone would let the last of two ids win."""
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise ValueError(f"{file} has the id {key!r} more than once")
        values[key] = value
    return values


def _recognise_xml(content: str, file: Path) -> Reader:
    # Expat resolves no external entities and, from 2.4 on, stops at entities that blow up.
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise ValueError(f"{file} is not XML: {error}") from error
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    found = next((known for known in XML_FORMATS if known.fits(root)), None)
    if found is None:
        raise _unknown(file, unread_xml(root))
    return found.open(root, file)


def _unknown(file: Path, name: str = "") -> ValueError:
    known = "; ".join([*(known.name for known in JSON_FORMATS), *(known.name for known in XML_FORMATS), *LINE_FORMATS])
    return ValueError(
        f"{file} is in no format of boxes that is read" + (f": it is {name}" if name else "") + f"; these are: {known}"
    )
