"""YOLO's lines of points: polygons, boxes at an angle, and keypoints beside a box."""

from collections.abc import Sequence
from pathlib import Path

from datamodules.box_files.detections import Detections, Record, to_numbers

# Points of a hand-drawn polygon lie slightly outside at the photo's edge.
TOLERANCE = 0.05
EXPECTED = "class and points x y, as shares within 0..1"


def read_points(lines: list[tuple[int, Sequence[str]]], file: Path) -> Detections | None:
    """Return the boxes around the polygons or of the poses of lines, or None if they are lines of boxes.

    Lines of boxes may stand between polygons.

    Args:
        lines: The number of each line and its fields.
        file: The box file, for the messages.

    Raises:
        ValueError: Naming the line at fault.
    """
    lengths = {len(fields) for _, fields in lines}
    if max(lengths) < 7 or (max(lengths) == 7 and _ends_in_tracks(lines)):
        return None
    rows = [_read_row(number, fields, file) for number, fields in lines]
    poses = [row for row in rows if len(row[1]) > 4]
    boxes = _pose_boxes if lengths.isdisjoint({5}) and _are_poses([numbers for _, numbers in poses]) else _hull
    records = [
        Record(tuple(numbers) if len(numbers) == 4 else boxes(numbers, f"{file}: line {number}"), name=name)
        for (number, _), (name, numbers) in zip(lines, rows, strict=True)
    ]
    return Detections(records, None, "cxcywh", "shares")


def _read_row(number: int, fields: Sequence[str], file: Path) -> tuple[str, tuple[float, ...]]:
    where = f"{file}: line {number}"
    numbers = to_numbers(fields[1:], where, EXPECTED)
    try:
        right_class = float(fields[0]) >= 0 and float(fields[0]).is_integer()
    except ValueError:
        right_class = True
    low, high = -TOLERANCE, 1 + TOLERANCE
    # The third number of a keypoint says whether it can be seen.
    if not right_class or len(numbers) < 4 or not all(low <= value <= high or value == 2 for value in numbers):
        raise ValueError(f"{where}: expected {EXPECTED}, got {' '.join(fields)[:120]!r}")
    return fields[0], numbers


def _ends_in_tracks(lines: list[tuple[int, Sequence[str]]]) -> bool:
    """Return whether seven fields are a box with its confidence and the number of its track, in either order."""
    return all("." not in fields[-1] or "." not in fields[-2] for _, fields in lines if len(fields) == 7)


def _are_poses(rows: list[tuple[float, ...]]) -> bool:
    """Return whether all numbers behind the first four are points in the box that those four describe."""
    return all(_is_pose(row, 3) for row in rows) or all(_is_pose(row, 2) for row in rows)


def _is_pose(row: tuple[float, ...], size: int) -> bool:
    x, y, w, h, *rest = row
    if len(rest) % size or (size == 3 and any(value not in (0, 1, 2) for value in rest[2::3])):
        return False
    seen = [point for point in zip(rest[::size], rest[1::size], strict=True) if any(point)]
    slack = 0.01
    return all(abs(px - x) <= w / 2 + slack and abs(py - y) <= h / 2 + slack for px, py in seen)


def _pose_boxes(numbers: tuple[float, ...], where: str) -> tuple[float, ...]:
    return numbers[:4]


def _hull(numbers: tuple[float, ...], where: str) -> tuple[float, ...]:
    """Return the centre and size of the box around a polygon."""
    if len(numbers) % 2 or len(numbers) < 6 or 2 in numbers:
        raise ValueError(f"{where}: expected {EXPECTED}, got {len(numbers)} numbers")
    xs, ys = numbers[::2], numbers[1::2]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, max(xs) - min(xs), max(ys) - min(ys)
