"""Lines of numbers, perhaps behind a name: YOLO's txt in all its kinds, and detections as four pixels and a class.

What the columns are is told by how many there are and what they hold; a file that fits several orders is read by the
first by which its boxes lie in the photo as a shelf's do.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from datamodules.box_files.detections import Detections, Record, to_numbers
from datamodules.box_files.formats.lines.polygons import read_points
from datamodules.box_files.placing.orientation import Photo

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


def are_numbers(text: str) -> bool:
    """Return whether the first line is a name of at most a few words, or none, and four or more numbers."""
    line = parse_line(1, text.split("\n", 1)[0])
    return len(line.numbers) >= 4 and len(line.name) <= 100 and all(map(_is_number, line.numbers))


class NumbersReader:
    """Reads lines of numbers.

    Args:
        text: The file's text.
        file: The box file, for the messages.

    Raises:
        ValueError: Naming the line at fault.
    """

    def __init__(self, text: str, file: Path) -> None:
        self._file = file
        lines = [parse_line(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        points = read_points([(line.number, line.values) for line in lines], file)
        if points is not None:
            self._readings = [points]
            return
        orders = [order for order in (*SHARES, *PIXELS) if all(_fits(line, order) for line in lines)]
        if not orders:
            raise self._fault(lines)
        self._readings = [self._read(lines, order) for order in orders]

    def __call__(self, photo: Photo) -> Detections:
        """Return the boxes, which are all of one photo."""
        first, *others = self._readings
        return replace(first, alternatives=tuple(others))

    def _read(self, lines: list[Line], order: str) -> Detections:
        kinds = order.split()
        places = [kinds.index(kind) for kind in ("cx", "cy", "w", "h", "x1", "y1", "x2", "y2") if kind in kinds]
        label = kinds.index("class") if "class" in kinds else None
        records = [
            Record(
                to_numbers((line.values[place] for place in places), f"{self._file}: line {line.number}", order),
                name="" if label is None else line.values[label],
            )
            for line in lines
        ]
        shares = order in SHARES
        return Detections(records, None, "cxcywh" if shares else "corners", "shares" if shares else "pixels", order)

    def _fault(self, lines: list[Line]) -> ValueError:
        known = [order for order in (*SHARES, *PIXELS) if _fits(lines[0], order)]
        wrong = next((line for line in lines if not any(_fits(line, order) for order in known)), lines[0])
        expected = known[0] if known and known[0] not in SHARES else EXPECTED
        return ValueError(f"{self._file}: line {wrong.number}: expected {expected}, got {wrong.text.strip()[:120]!r}")


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
