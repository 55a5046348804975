"""Lines of numbers, perhaps behind a name: YOLO's txt in all its kinds, and detections as four pixels and a class.

What the columns are is told by how many there are and what they hold; a file that fits several orders is read by the
first by which its boxes lie in the photo as a shelf's do.
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from datamodules.box_files.formats.lines.columns import FOUR, Columns
from datamodules.box_files.formats.lines.polygons import read_points
from datamodules.box_files.formats.lines.rows import Rows
from datamodules.box_files.formats.lines.table import TableReader
from datamodules.box_files.formats.photos import Reader

EXPECTED = "class cx cy w h [confidence], the class a whole number or a name and the rest shares within 0..1"
# A box that reaches the photo's edge comes out of a tool's rounding slightly beyond it.
TOLERANCE = 0.01
SHARES = ("class cx cy w h", "class cx cy w h confidence", "class confidence cx cy w h", "class cx cy w h track",
          "class cx cy w h confidence track", "class cx cy w h track confidence")  # fmt: skip
PIXELS = ("class x1 y1 x2 y2", "class confidence x1 y1 x2 y2", "class x1 y1 x2 y2 confidence", "x1 y1 x2 y2",
          "x1 y1 x2 y2 class confidence", "x1 y1 x2 y2 confidence class", "x1 y1 x2 y2 confidence",
          "x1 y1 x2 y2 class")  # fmt: skip
DECIMAL_COMMA = re.compile(r"-?\d+,\d+")


class Line(NamedTuple):
    """One line: its number, its text, the name before the numbers (empty if there is none) and the numbers as texts."""

    number: int
    text: str
    name: str
    numbers: Sequence[str]

    @property
    def values(self) -> list[str]:
        """The fields with the name, if any, as one."""
        return [self.name, *self.numbers] if self.name else list(self.numbers)


def parse_line(number: int, text: str) -> Line:
    """Return the parts of a line, whose fields stand between blanks or commas; decimal commas become points."""
    fields = text.split()
    if len(fields) < 4 or any(field.endswith(",") for field in fields):
        fields = [field.strip() for field in re.split(r"[,;\t]", text)]
    fields = [field.replace(",", ".") if DECIMAL_COMMA.fullmatch(field) else field for field in fields if field]
    name = list(takewhile(lambda field: not _is_number(field), fields))
    return Line(number, text, " ".join(name), fields[len(name) :])


def read_numbers(text: str, file: Path) -> Reader | None:
    """Read lines of a name of at most a few words, or none, and four or more numbers.

    Raises:
        ValueError: Naming the line at fault.
    """
    first = parse_line(1, text.split("\n", 1)[0])
    if len(first.numbers) < 4 or len(first.name) > 100 or not all(map(_is_number, first.numbers)):
        return None
    lines = [parse_line(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    points = read_points([(line.number, line.values) for line in lines], file)
    if points is not None:
        return lambda photo: points
    orders = [order for order in (*SHARES, *PIXELS) if all(_fits(line, order) for line in lines)]
    if not orders:
        raise _fault(lines, file)
    rows = Rows([""] * len(first.values), file)
    for line in lines:
        rows.append(line.number, line.values)
    return TableReader(rows, [_columns(order) for order in orders])


def _columns(order: str) -> Columns:
    kinds = order.split()
    places = [place for place, kind in enumerate(kinds) if kind not in ("class", "confidence", "track")]
    of = dict(zip(FOUR, places, strict=True)) | ({"label": kinds.index("class")} if "class" in kinds else {})
    layout, scale = ("cxcywh", "shares") if order in SHARES else ("corners", "pixels")
    return Columns(of, layout, scale, title=order)


def _fault(lines: list[Line], file: Path) -> ValueError:
    known = [order for order in (*SHARES, *PIXELS) if _fits(lines[0], order)]
    wrong = next((line for line in lines if not any(_fits(line, order) for order in known)), lines[0])
    expected = known[0] if known and known[0] not in SHARES else EXPECTED
    return ValueError(f"{file}: line {wrong.number}: expected {expected}, got {wrong.text.strip()[:120]!r}")


def _fits(line: Line, order: str) -> bool:
    kinds = order.split()
    if len(line.values) != len(kinds) or (line.name and kinds[0] != "class"):
        return False
    fields = dict(zip(kinds, line.values, strict=True))
    if line.name:
        del fields["class"]
    if not all(map(_is_number, fields.values())):
        return False
    values = {kind: float(field) for kind, field in fields.items()}
    coordinates = [value for kind, value in values.items() if kind not in ("class", "confidence", "track")]
    if order in SHARES:
        placed = all(0 <= value <= 1 + TOLERANCE for value in coordinates)
    else:
        placed = max(coordinates) > 1 + TOLERANCE
    whole = values.get("class", 0.0) >= 0 and values.get("class", 0.0).is_integer()
    return placed and whole and 0 <= values.get("confidence", 0) <= 1 and values.get("track", 0.0).is_integer()


def _is_number(text: str) -> bool:
    try:
        return "_" not in text and abs(float(text)) < 1e9
    except ValueError:
        return False
