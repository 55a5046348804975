"""Recognising a box file's format by its content."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar
from xml.etree import ElementTree

from datamodules.box_files.detections import Detections
from datamodules.box_files.formats.json import JSON_FORMATS
from datamodules.box_files.formats.json.values import Json
from datamodules.box_files.formats.lines import LINE_FORMATS
from datamodules.box_files.formats.photos import Reader
from datamodules.box_files.formats.unread import unread_bytes, unread_json, unread_xml
from datamodules.box_files.formats.xml import XML_FORMATS
from datamodules.box_files.placing.orientation import Photo
from datamodules.box_files.text import decode

# Parsed files that are kept: a table of all photos is asked for each of them, a file beside its photo twice.
KEPT = 4
# What reading a document raises whose parts are of other kinds than its format has.
MALFORMED = (TypeError, AttributeError, KeyError, IndexError, OverflowError, RecursionError, UnicodeError, MemoryError)
Document = TypeVar("Document")


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
        document = _load_json(content, file)
        if not document:
            raise ValueError(f"{file} holds no boxes")
        return _first_fitting(JSON_FORMATS, document, file, unread_json)
    if content[0] == "<":
        return _first_fitting(XML_FORMATS, _parse_xml(content, file), file, unread_xml)
    return _first_fitting(LINE_FORMATS, content, file)


def _first_fitting(
    formats: Mapping[str, Callable[[Document, Path], Reader | None]],
    document: Document,
    file: Path,
    known_otherwise: Callable[[Document], str] = lambda document: "",
) -> Reader:
    reader = next((reader for read in formats.values() if (reader := read(document, file))), None)
    if reader is None:
        name, known = known_otherwise(document), "; ".join([*JSON_FORMATS, *XML_FORMATS, *LINE_FORMATS])
        told = f": it is {name}" if name else ""
        raise ValueError(f"{file} is in no format of boxes that is read{told}; these are: {known}")
    return reader


def _load_json(content: str, file: Path) -> Json:
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


def _unique(file: Path, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Make a dictionary of a JSON object, in which json alone would let the last of two ids win."""
    values: dict[str, Json] = {}
    for key, value in pairs:
        if key in values:
            raise ValueError(f"{file} has the id {key!r} more than once")
        values[key] = value
    return values


def _parse_xml(content: str, file: Path) -> ElementTree.Element:
    # Expat resolves no external entities and, from 2.4 on, stops at entities that blow up.
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise ValueError(f"{file} is not XML: {error}") from error
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return root
