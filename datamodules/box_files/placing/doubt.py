"""Whether boxes can be those of a shelf, and what they look like if they cannot.

The limits lie between what the boxes of real and rendered shelves show and what the same boxes show when they are read
by a wrong convention; docs/box_files.md has the figures, tests/datamodules/box_files/test_doubt.py measures them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, product

import numpy as np
from numpy.typing import NDArray

from datamodules.box_files.convention import LAYOUTS, SCALES, to_corners
from datamodules.box_files.placing.statistics import Statistics, count_touching, statistics_of

# Fewer boxes than these tell nothing by how far they reach, or by how many of them are cut.
FEW = 5
# Sides to which detectors scale a photo.
DETECTOR_SIDES = (320, 416, 448, 512, 608, 640, 736, 768, 800, 896, 960, 1000, 1024, 1280, 1333, 1536, 1920)


@dataclass(frozen=True)
class Doubt:
    """What is odd about the boxes of a photo.

    Attributes:
        odd: What no shelf has been seen to show; empty if nothing is odd.
        impossible: Whether the boxes cannot be grouped.
        by_size: Whether it is their size and place in the photo alone, so that only their scale may be another.
    """

    odd: str = ""
    impossible: bool = False
    by_size: bool = False


def doubt(corners: NDArray[np.float64], size: tuple[int, int]) -> Doubt:
    """Return what is odd about boxes (n, 4) in pixels of a photo of a width and height."""
    found = statistics_of(corners, size)
    return next(chain(_impossible(found, size), _unlikely(found), [Doubt()]))


def doubt_of_reading(numbers: NDArray[np.float64], layout: str, scale: str, size: tuple[int, int]) -> Doubt:
    """Return what is odd about numbers (n, 4) that are read by a layout and a scale.

    Boxes by their corner and by their centre differ by half a box, which shows in where they are cut alone: products at
    the photo's edge end right there.
    """
    corners = to_corners(numbers, layout, scale, size)
    found = doubt(corners, size)
    other = {"xywh": "cxcywh", "cxcywh": "xywh"}.get(layout)
    if found.odd or other is None or count_touching(corners, size):
        return found
    touching = count_touching(to_corners(numbers, other, scale, size), size)
    if touching < 3:
        return found
    return Doubt(f"none ends at the photo's edge, but read as {LAYOUTS[other]} {touching} sides lie on it")


def _impossible(found: Statistics, size: tuple[int, int]) -> Iterator[Doubt]:
    if 0 < found.largest <= 1.05 and min(size) > 20:
        yield Doubt(f"all of them lie within {found.largest:.4g} pixels of the photo's corner, as shares would", True)
    if found.flat > 1 / 3:
        yield Doubt(f"{found.flat:.0%} of them have no area", True)
    if found.outside > 0.5:
        yield Doubt(f"the middle of {found.outside:.0%} of them lies outside of the photo", True)
    if found.count >= FEW and found.overlap > 0.5:
        yield Doubt(f"each overlaps another by {found.overlap:.0%}", True)
    if found.count >= FEW and found.cut > 1 / 3:
        yield Doubt(f"{found.cut:.0%} of them lose over a fifth of their area at the photo's edge", True)
    if found.count >= FEW and found.reach < 0.25:
        yield Doubt(f"all of them lie in the {found.reach:.0%} next to its left upper corner", True, by_size=True)


def _unlikely(found: Statistics) -> Iterator[Doubt]:
    edge, count = found.false_edge
    if found.flat > 0:
        yield Doubt(f"{found.flat:.0%} of them have no area")
    if found.cut > 0:
        yield Doubt(f"{found.cut:.0%} of them lose over a fifth of their area at the photo's edge")
    if found.count >= FEW and found.overlap > 0.2:
        yield Doubt(f"each overlaps another by {found.overlap:.0%}")
    if found.reach < (0.7 if found.count >= FEW else 0.2):
        yield Doubt(f"none of them reaches beyond {found.reach:.0%} of its width or height", by_size=True)
    # A copy of a detector's size ends there in both directions, and no box goes beyond.
    if count >= 4 or (count and any(-1 <= side - found.largest <= 0.003 * side for side in DETECTOR_SIDES)):
        yield Doubt(f"{count} of them end at {edge:.5g} pixels, as if the photo ended there", by_size=True)


def other_readings(
    numbers: NDArray[np.float64], layout: str, scale: str, size: tuple[int, int]
) -> list[tuple[str, str]]:
    """Return the layouts and scales by which the same numbers show nothing odd, the nearest to the given first."""
    by_size = doubt(to_corners(numbers, layout, scale, size), size).by_size
    scales = [*SCALES, "1000", *(str(side) for side in DETECTOR_SIDES if _spans(numbers, side))]
    readings = product([layout] if by_size else LAYOUTS, dict.fromkeys([scale, *scales]))
    found = [
        reading
        for reading in readings
        if reading != (layout, scale) and not doubt_of_reading(numbers, *reading, size).odd
    ]
    return sorted(found, key=lambda reading: _changes(reading, layout, scale))


def advice(numbers: NDArray[np.float64], layout: str, scale: str, size: tuple[int, int]) -> str:
    """Return what the numbers look like and what to type, or what could be typed where they look like nothing known."""
    readings = other_readings(numbers, layout, scale, size)
    if not readings:
        return (
            f"if they are of another convention, type box_format= ({', '.join(LAYOUTS)}) or box_scale= ("
            f"{', '.join(SCALES)}, 1000, 640, 640x480); otherwise they may be of another photo, or of a resized copy"
        )
    fewest = _changes(readings[0], layout, scale)
    nearest = [reading for reading in readings if _changes(reading, layout, scale) == fewest]
    return "they look like " + ", or like ".join(_describe(*reading, layout, scale) for reading in nearest[:3])


def _changes(reading: tuple[str, str], layout: str, scale: str) -> int:
    return (reading[0] != layout) + (reading[1] != scale)


def _describe(new_layout: str, new_scale: str, layout: str, scale: str) -> str:
    what = LAYOUTS[new_layout] if new_layout != layout else ""
    units = {"shares": "shares (0..1) of the photo's size", "percent": "percent of the photo's size"}
    unit = units.get(new_scale, new_scale if new_scale == "pixels" else f"a scale of 0..{new_scale}")
    typed = [f"box_format={new_layout}"] * (new_layout != layout) + [f"box_scale={new_scale}"] * (new_scale != scale)
    return (
        " in ".join(part for part in (what, unit if new_scale != scale else "") if part) + f": type {' '.join(typed)}"
    )


def _spans(numbers: NDArray[np.float64], side: int) -> bool:
    """Return whether numbers reach near a side and not beyond it."""
    return 0.985 * side < float(numbers.max(initial=0)) <= 1.005 * side
