"""JSON of boxes as records: the original report's ``{id: {x1, y1, x2, y2}}``, lists of them, and nested records.

What a record's four numbers are is told by their names, as in a table with a header; what a surrounding record says,
such as its photo, holds for the boxes in it.
"""

from collections.abc import Iterator
from pathlib import Path

from datamodules.box_files.detections import to_numbers, wrong
from datamodules.box_files.formats.json.values import Json
from datamodules.box_files.formats.lines.columns import Columns, columns_of_header, missing_corners
from datamodules.box_files.formats.lines.rows import BETWEEN, Rows
from datamodules.box_files.formats.lines.table import TableReader
from datamodules.box_files.formats.photos import Reader
from datamodules.box_files.names import is_picture_name

# Parts of a record that hold its numbers; they name no box.
BOX_KEYS = frozenset(("box", "bbox", "bndbox", "boundingbox", "bounding_box", "box2d", "rect", "rectangle", "xyxy",
                      "xywh", "cxcywh", "coordinates", "geometry", "location"))  # fmt: skip
KEY = "id"
EXPECTED = "id: {x1, y1, x2, y2} in numbers"


def read_records(document: Json, file: Path) -> Reader | None:
    """Read what holds boxes as records at any depth."""
    found = list(_boxes(document, {}, ""))
    if not found:
        return None
    if wrong_one := _odd_one_out(document):
        raise wrong(f"{file}: record {wrong_one[0]!r}", EXPECTED, wrong_one[1])
    titles = list(dict.fromkeys(title for record in found for title in record))
    columns = columns_of_header(titles)
    if columns is None:
        raise wrong(f"{file}: record {found[0].get(KEY, '0')!r}", EXPECTED, found[0])
    needed = [titles[place] for place in columns.coordinates]
    rows = Rows(titles, file, "record")
    for number, record in enumerate(found):
        where = f"{file}: record {record.get(KEY, str(number))!r}"
        if not record.keys() >= set(needed):
            raise wrong(where, EXPECTED, record)
        if "list" not in columns.of:
            to_numbers((record[title] for title in needed), where, EXPECTED)
        rows.append(number, (_text(record.get(title, "")) for title in titles))
    return TableReader(rows, _readings(columns, titles))


def _readings(columns: Columns, titles: list[str]) -> list[Columns]:
    """Return the ways in which a list of four numbers may be meant that is called no more than a box."""
    if "list" not in columns.of:
        return [columns]
    title = titles[columns.of["list"]]
    layouts = {"xyxy": ["corners"], "xywh": ["xywh"], "cxcywh": ["cxcywh"]}.get(title.lower(), ["xywh", "corners"])
    return [Columns(columns.of, layout, columns.scale, columns.sure_size, f"{title}: {layout}") for layout in layouts]


def _boxes(node: Json, around: dict[str, Json], key: str) -> Iterator[dict[str, Json]]:
    """Yield the records that hold coordinates, each with what the records around it say."""
    if isinstance(node, list):
        for item in node:
            yield from _boxes(item, around, "")
        return
    if not isinstance(node, dict):
        return
    own = {title: value for title, value in node.items() if not isinstance(value, dict | list) or _is_box(title, value)}
    parts = [part for title, part in node.items() if isinstance(part, dict) and title.lower() in BOX_KEYS]
    flat = {**own, **{title: value for part in parts for title, value in part.items()}}
    if columns_of_header(list(flat)) is not None or missing_corners(list(flat) * 2):
        yield {**({KEY: key} if key else {}), **around, **flat}
        return
    named = {title: value for title, value in own.items() if title != KEY and not isinstance(value, list)}
    for title, part in node.items():
        # {"a17": {"x1": ...}} names a box, {"shelf.jpg": [{"x1": ...}]} a photo.
        photo: dict[str, Json] = {"image": title} if is_picture_name(title) and not _is_record(part) else {}
        yield from _boxes(part, {**around, **named, **photo}, title if isinstance(part, dict) and not photo else "")


def _is_box(title: str, value: Json) -> bool:
    return title.lower() in BOX_KEYS and isinstance(value, list) and len(value) == 4


def _odd_one_out(document: Json) -> tuple[str, Json] | None:
    """Return the first entry that is not a record, among others that are."""
    if not isinstance(document, dict) or not all(_is_record(part) for part in list(document.values())[:1]):
        return None
    return next(((key, part) for key, part in document.items() if not isinstance(part, dict)), None)


def _is_record(part: Json) -> bool:
    return isinstance(part, dict) and columns_of_header(list(part)) is not None


def _text(value: Json) -> str:
    return "" if value is None else str(value).replace(BETWEEN, " ")
