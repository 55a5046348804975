"""Tables: one row per box, with a header or in an order of columns that is known by what they hold."""

import json
import re
from dataclasses import replace

from datamodules.box_files.detections import Detections, Record, to_numbers, to_size
from datamodules.box_files.formats.lines.columns import FOUR, Columns
from datamodules.box_files.formats.lines.photo_column import PhotoColumn
from datamodules.box_files.formats.lines.rows import Rows
from datamodules.box_files.placing.orientation import Photo

DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+")


class TableReader:
    """Reads the boxes of a photo from a table.

    Args:
        rows: The table.
        readings: Which column holds what; several where the table does not say, the likeliest first.
    """

    def __init__(self, rows: Rows, readings: list[Columns]) -> None:
        self._rows = rows
        self._readings = readings
        self._photos = PhotoColumn(rows, readings[0])

    def __call__(self, photo: Photo) -> Detections:
        """Return the boxes of a photo.

        Raises:
            ValueError: If the table does not name the photo, or naming the line at fault.
        """
        chosen, warnings = self._photos.rows_of(photo.path)
        rows = [(self._rows.where(row), self._rows.fields(row)) for row in chosen]
        first, *others = (self._read(columns, rows, photo) for columns in self._readings)
        return replace(first, alternatives=tuple(others), warnings=warnings)

    def _read(self, columns: Columns, rows: list[tuple[str, list[str]]], photo: Photo) -> Detections:
        # A row without numbers is how tables say that a photo has no boxes.
        filled = [(where, fields) for where, fields in rows if any(fields[place] for place in columns.coordinates)]
        records = [self._record(columns, fields, where) for where, fields in filled]
        size = _photo_size(columns, filled, records, f"{self._rows.file} gives {photo.path.name} several sizes")
        return Detections(records, size, columns.layout, columns.scale, columns.title)

    def _record(self, columns: Columns, fields: list[str], where: str) -> Record:
        if "list" in columns.of:
            numbers = _numbers_of_list(fields[columns.of["list"]], where)
        else:
            texts = [_with_point(fields[columns.of[kind]], where) for kind in FOUR]
            numbers = to_numbers(texts, where, f"numbers for {columns.title or 'x1, y1, x2, y2'}")
        named = {kind: fields[columns.of[kind]] for kind in ("id", "label") if kind in columns.of}
        taken = self._photos.places
        return Record(
            numbers,
            id="" if columns.of.get("id") in taken else named.get("id", ""),
            name="" if columns.of.get("label") in taken else named.get("label", ""),
        )


def _photo_size(
    columns: Columns, rows: list[tuple[str, list[str]]], records: list[Record], several: str
) -> tuple[int, int] | None:
    """Return the photo's size by columns called width and height, unless these are the boxes' own or something else."""
    if "width" not in columns.of or not rows:
        return None
    width, height = columns.of["width"], columns.of["height"]
    sizes = [to_size(fields[width], fields[height], where) for where, fields in rows]
    if not columns.sure_size:
        corners = [record.numbers for record in records]
        if columns.layout != "corners" or len(set(sizes)) > 1 or sizes[0] is None:
            return None
        if all(abs(c - a - sizes[0][0]) <= 1 and abs(d - b - sizes[0][1]) <= 1 for a, b, c, d in corners):
            return None
    if len(set(sizes)) > 1:
        raise ValueError(f"{several}: {sorted(map(str, set(sizes)))}")
    return sizes[0]


def _with_point(text: str, where: str) -> str:
    """Return a number with a decimal point instead of a decimal comma."""
    if THOUSANDS.fullmatch(text):
        raise ValueError(f"{where}: {text} may be a number with three decimals or thousands; write it with a point")
    return text.replace(",", ".") if DECIMAL_COMMA.fullmatch(text) else text


def _numbers_of_list(text: str, where: str) -> tuple[float, ...]:
    numbers = re.split(r"[\s,;]+", text.strip("[](){} "))
    if len(numbers) != 4:
        raise ValueError(f"{where}: expected a list of four numbers, got {json.dumps(text[:120])}")
    return to_numbers(numbers, where, "a list of four numbers")
