"""What a box file says about one photo, before it is held against the photo."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from datamodules.box_files.names import product_name

# Cornershop writes the last two for 'a product that nobody could name' and 'a box that is none'.
UNKNOWN_NAMES = frozenset({"", "__UNKNOWN", "__WRONG"})


@dataclass(frozen=True)
class Record:
    """One box as its file tells it.

    Attributes:
        numbers: The four numbers of the box, in the order and unit of its file.
        id: The box's name; empty where the file gives none.
        name: The product's name; empty where the file gives none.
    """

    numbers: tuple[float, ...]
    id: str = ""
    name: str = ""


@dataclass(frozen=True)
class Detections:
    """The boxes that a file has for one photo.

    Attributes:
        records: The boxes in the file's order.
        size: Width and height of the photo that the boxes refer to, or None where the file does not say.
        layout: What the four numbers of a box are, one of convention.LAYOUTS.
        scale: What the numbers count, one of convention.SCALES.
        title: The reading in words, where the same file could be read otherwise.
        alternatives: The same boxes read otherwise, where the file does not tell; taken if this reading is impossible.
        warnings: What a person should know before relying on the boxes.
    """

    records: list[Record]
    size: tuple[int, int] | None = None
    layout: str = "corners"
    scale: str = "pixels"
    title: str = ""
    alternatives: tuple[Detections, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """One name per box; the number of its row where the file gives none."""
        return tuple(record.id or str(row) for row, record in enumerate(self.records))

    @property
    def numbers(self) -> NDArray[np.float64]:
        """The numbers of all boxes (n, 4)."""
        return np.array([record.numbers for record in self.records], dtype=np.float64).reshape(-1, 4)

    def with_warnings(self, *warnings: str) -> Detections:
        """Return the detections with more warnings."""
        return replace(self, warnings=(*self.warnings, *warnings)) if warnings else self

    def without(self, names: Container[str]) -> Detections:
        """Return the detections but for those whose product has one of these names; the others keep their ids.

        Names come out in one Unicode normal form, and those that are none (nan, None, null) empty.
        """
        named = [(record, id, product_name(record.name)) for record, id in zip(self.records, self.ids, strict=True)]
        kept = [replace(record, id=id, name=name) for record, id, name in named if name not in names]
        return replace(self, records=kept, alternatives=tuple(other.without(names) for other in self.alternatives))

    def products(self, fewest: int = 2) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
        """Return the number (n,) of each box's product and the name of each number, sorted; unknown is -1.

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
        numbers = tuple(_to_number(value) for value in values)
    except (TypeError, ValueError, OverflowError):
        numbers = ()
    if not numbers or not all(isfinite(number) for number in numbers):
        raise wrong(where, expected, values)
    return numbers


def wrong(where: str, expected: str, got: object) -> ValueError:
    """Return the error of a place in a file that holds something else than expected."""
    return ValueError(f"{where}: expected {expected}, got {str(got)[:120]}")


def _to_number(value: object) -> float:
    # Python takes True for 1 and 1_000 for 1000.
    if isinstance(value, bool) or (isinstance(value, str) and "_" in value):
        raise ValueError(value)
    return float(value)  # type: ignore[arg-type]


def to_size(width: object, height: object, where: str) -> tuple[int, int] | None:
    """Return width and height of a photo; None where either is absent or 0, which tools write for 'not known'."""
    if not width or not height:
        return None
    numbers = to_numbers((width, height), where, "the photo's width and height")
    return (round(numbers[0]), round(numbers[1])) if min(numbers) > 0 else None
