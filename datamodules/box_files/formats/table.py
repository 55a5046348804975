"""CSV: one row per box, corners in pixels counted from 0, x2 and y2 exclusive; SKU-110K's has no header."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from datamodules.box_files.detections import Detections, Record, to_numbers, to_size
from datamodules.box_files.formats.columns import CORNERS, HEADERS, columns_of_header, columns_of_sku
from datamodules.box_files.orientation import Photo
from datamodules.box_files.selection import select_photo

DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Layout:
    """How a table is written.

    Attributes:
        delimiter: What stands between two fields.
        columns: Position of each kind of column.
        fields: How many fields a row has.
        has_header: Whether the first row names the columns.
    """

    delimiter: str
    columns: dict[str, int]
    fields: int
    has_header: bool


def layout_of(text: str) -> Layout | None:
    """Return how a table is written, by its first row; None if it is no table of boxes."""
    line = text.split("\n", 1)[0].strip("\r")
    delimiter = max(DELIMITERS, key=line.count)
    try:
        row = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return None
    header, sku = columns_of_header(row), columns_of_sku(row)
    return Layout(delimiter, header or sku, len(row), bool(header)) if header or sku else None


def read_table(text: str, layout: Layout, file: Path, photo: Photo) -> Detections:
    """Return the boxes of one photo: all rows, or those that name the photo where the table has a column for it.

    Raises:
        ValueError: If a column is missing, the table does not name the photo, or naming the line at fault.
    """
    missing = [HEADERS[corner][:2] for corner in CORNERS if corner not in layout.columns]
    if missing:
        names = ", ".join(" or ".join(titles) for titles in missing)
        raise ValueError(f"{file}: line 1: expected columns x1, y1, x2, y2 in the header, missing are {names}")
    rows = list(_rows(text, layout, file))
    if "image" in layout.columns and rows:
        chosen = select_photo(photo.path, (row["image"] for _, row in rows), file)
        rows = [(line, row) for line, row in rows if row["image"] == chosen]
    records = [_read_row(row, f"{file}: line {line}") for line, row in rows]
    sizes = {to_size(row.get("width"), row.get("height"), f"{file}: line {line}") for line, row in rows}
    if len(sizes) > 1:
        raise ValueError(f"{file} gives {photo.path.name} several sizes: {sorted(map(str, sizes))}")
    return Detections(records, sizes.pop() if sizes else None)


def _rows(text: str, layout: Layout, file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number of its line and the fields by their kind for each row."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=layout.delimiter, skipinitialspace=True)
    try:
        for count, row in enumerate(reader):
            if (count == 0 and layout.has_header) or not any(field.strip() for field in row):
                continue
            if len(row) != layout.fields:
                raise ValueError(f"{file}: line {reader.line_num}: expected {layout.fields} fields, got {len(row)}")
            yield reader.line_num, {kind: row[position].strip() for kind, position in layout.columns.items()}
    except csv.Error as error:
        raise ValueError(f"{file}: line {reader.line_num}: {error}") from error


def _read_row(row: dict[str, str], where: str) -> Record:
    corners = to_numbers((row[corner] for corner in CORNERS), where, "numbers for x1, y1, x2, y2")
    return Record(corners, id=row.get("id", ""), name=row.get("label", ""))
