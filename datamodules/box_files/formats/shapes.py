"""What the readers of all formats share: numbered shapes, the numbers in them, and the boxes around them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar
from xml.etree.ElementTree import Element

from datamodules.box_files.detections import Detections, Record, to_numbers, wrong

Shape = TypeVar("Shape")
EXPECTED_POINTS = "points (x, y) in numbers"


def numbered(what: str, shapes: Iterable[Shape], first: int = 0) -> list[tuple[str, Shape]]:
    """Return shapes, each behind what messages call it."""
    return [(f"{what} {number}", shape) for number, shape in enumerate(shapes, first)]


def collect(
    where: str,
    shapes: Iterable[tuple[str, Shape]],
    read: Callable[[Shape, str], Record | None],
    size: tuple[int, int] | None = None,
    layout: str = "corners",
    no_boxes: str = "points and lines",
) -> Detections:
    """Return the boxes of shapes in pixels, with a warning about those that are none.

    Args:
        where: The file, and perhaps the photo in it, for the warning.
        shapes: Each behind what messages call it.
        read: Returns the box of a shape, or None if it is none.
        size: The photo's size by the file.
        layout: What the four numbers of a box are.
        no_boxes: What shapes are called that are none.
    """
    read_ones = [read(shape, place) for place, shape in shapes]
    records = [record for record in read_ones if record is not None]
    left_out = len(read_ones) - len(records)
    warnings = (f"{where}: {left_out} {no_boxes} are left out",) if left_out else ()
    return Detections(records, size, layout, warnings=warnings)


def named_numbers(
    shape: Mapping[str, object] | Element, names: Sequence[str], where: str, expected: str = ""
) -> tuple[float, ...]:
    """Return the finite numbers that a shape has under some names."""
    return to_numbers(map(shape.get, names), where, expected or f"numbers for {', '.join(names)}")


def around(x: float, y: float, across: float, down: float) -> tuple[float, ...]:
    """Return x1, y1, x2, y2 around an ellipse by its centre and its two radii."""
    return x - across, y - down, x + across, y + down


def bounding_box(points: object, where: str) -> tuple[float, ...]:
    """Return x1, y1, x2, y2 around points, each a pair of numbers or {x, y}.

    Raises:
        ValueError: If there are fewer than two points, or one is not a pair of numbers.
    """
    pairs = [[p.get("x"), p.get("y")] if isinstance(p, dict) else p for p in points] if isinstance(points, list) else []
    if len(pairs) < 2 or not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs):
        raise wrong(where, EXPECTED_POINTS, points)
    xs, ys = zip(*(to_numbers(pair, where, EXPECTED_POINTS) for pair in pairs), strict=True)
    return min(xs), min(ys), max(xs), max(ys)
