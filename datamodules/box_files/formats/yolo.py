"""YOLO's txt: one line per box, ``class cx cy w h`` and perhaps a confidence, as shares of the photo's size."""

from pathlib import Path

from datamodules.box_files.detections import Detections, Record, to_numbers
from datamodules.box_files.orientation import Photo

EXPECTED = "class cx cy w h [confidence], the class a whole number and the rest shares within 0..1"
# A box that reaches the photo's edge comes out of a tool's rounding slightly beyond it.
TOLERANCE = 0.01


def is_yolo(text: str) -> bool:
    """Return whether the first line consists of five or six numbers."""
    fields = text.split("\n", 1)[0].split()
    try:
        return len(fields) in (5, 6) and float(fields[0]).is_integer() and all(float(field) < 1e9 for field in fields)
    except (ValueError, OverflowError):
        return False


def read_yolo(text: str, file: Path, photo: Photo) -> Detections:
    """Return the boxes in pixels of the photo as seen.

    Raises:
        ValueError: Naming the line at fault.
    """
    lines = enumerate(text.split("\n"), start=1)
    return Detections([_read_line(line, f"{file}: line {number}", photo) for number, line in lines if line.strip()])


def _read_line(line: str, where: str, photo: Photo) -> Record:
    numbers = to_numbers(line.split(), where, EXPECTED)
    right_class = numbers[0] >= 0 and numbers[0].is_integer()
    if len(numbers) not in (5, 6) or not right_class or not all(0 <= share <= 1 + TOLERANCE for share in numbers[1:]):
        raise ValueError(f"{where}: expected {EXPECTED}, got {line.strip()[:120]!r}")
    width, height = photo.size
    x, y, w, h = numbers[1:5]
    corners = ((x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height)
    return Record(corners, name=str(int(numbers[0])))
