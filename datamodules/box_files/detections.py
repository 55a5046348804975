"""What a box file says about one photo, before it is held against the photo."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np
from numpy.typing import NDArray

# Cornershop writes the last two for 'a product that nobody could name' and 'a box that is none'.
UNKNOWN_NAMES = frozenset({"", "__UNKNOWN", "__WRONG"})


@dataclass(frozen=True)
class Record:
    """One box as its file tells it.

    Attributes:
        corners: x1, y1, x2, y2 in pixels, x2 and y2 exclusive.
        id: The box's name; empty where the file gives none.
        name: The product's name; empty where the file gives none.
    """

    corners: tuple[float, ...]
    id: str = ""
    name: str = ""


@dataclass(frozen=True)
class Detections:
    """The boxes that a file has for one photo.

    Attributes:
        records: The boxes in the file's order.
        size: Width and height of the photo that the boxes refer to, or None where the file does not say.
    """

    records: list[Record]
    size: tuple[int, int] | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """One name per box; the number of its row where the file gives none."""
        return tuple(record.id or str(row) for row, record in enumerate(self.records))

    @property
    def corners(self) -> NDArray[np.float64]:
        """All boxes (n, 4) float64."""
        return np.array([record.corners for record in self.records], dtype=np.float64).reshape(-1, 4)

    def without(self, names: Container[str]) -> "Detections":
        """Return the detections but for those whose product has one of these names; the others keep their ids."""
        named = zip(self.records, self.ids, strict=True)
        return replace(self, records=[replace(record, id=id) for record, id in named if record.name not in names])

    def products(self, fewest: int = 2) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
        """Return the number (n,) int64 of each box's product and the name of each number, sorted; unknown is -1.

        Args:
            fewest: With fewer distinct names there are no numbers: a single name, as detectors give it, tells nothing
                about which boxes belong together.
        """
        names = sorted({record.name for record in self.records} - UNKNOWN_NAMES)
        if len(names) < fewest:
            return None, ()
        number = {name: row for row, name in enumerate(names)}
        return np.array([number.get(record.name, -1) for record in self.records], dtype=np.int64), tuple(names)


def to_numbers(values: Iterable[object], where: str, expected: str) -> tuple[float, ...]:
    """Return finite numbers.

    Raises:
        ValueError: Saying where, what was expected and what was found.
    """
    values = list(values)
    try:
        numbers = tuple(float(value) for value in values)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        numbers = ()
    if not numbers or not all(isfinite(number) for number in numbers):
        raise ValueError(f"{where}: expected {expected}, got {str(values)[:120]}")
    return numbers


def to_size(width: object, height: object, where: str) -> tuple[int, int] | None:
    """Return width and height of a photo; None where either is absent or 0, which tools write for 'not known'."""
    if not width or not height:
        return None
    numbers = to_numbers((width, height), where, "the photo's width and height")
    return (round(numbers[0]), round(numbers[1])) if min(numbers) > 0 else None
