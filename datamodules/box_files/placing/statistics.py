"""Numbers that tell boxes of a shelf from the same numbers read by the wrong convention."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Overlaps are counted for so many boxes, against all: the median of more would be the same.
SAMPLE = 400


@dataclass(frozen=True)
class Statistics:
    """What boxes look like in a photo.

    Attributes:
        count: How many different boxes there are.
        flat: Share of the boxes that have no area; the other numbers leave them out.
        copies: How many boxes are exact copies of another one; overlaps leave them out.
        outside: Share of the boxes whose middle lies outside of the photo.
        cut: Share of the boxes that lose over a fifth of their area at the photo's edge.
        overlap: Median of each box's best overlap (intersection over union) with another one.
        reach: How far right and down the boxes go, in sides of the photo; the farther of the two.
        false_edge: The x at which boxes end farthest to the right, if that is inside of the photo, and how many end
            there; what boxes cut at the edge of a copy of another size show. (Below, they stand on boards.)
        largest: The largest coordinate in pixels.
    """

    count: int
    flat: float
    copies: int = 0
    outside: float = 0.0
    cut: float = 0.0
    overlap: float = 0.0
    reach: float = 1.0
    false_edge: tuple[float, int] = (0.0, 0)
    largest: float = 0.0


def statistics_of(corners: NDArray[np.float64], size: tuple[int, int]) -> Statistics:
    """Return what boxes (n, 4) in pixels look like in a photo of a width and height."""
    sides = np.array(size, dtype=np.float64)
    flat = (corners[:, 2:] <= corners[:, :2]).any(1)
    boxes = corners[~flat]
    if not len(boxes):
        return Statistics(len(corners), 1.0)
    different = np.unique(boxes, axis=0)
    centers = (boxes[:, :2] + boxes[:, 2:]) / 2
    return Statistics(
        count=len(different),
        flat=float(flat.mean()),
        copies=len(boxes) - len(different),
        outside=float(((centers < 0) | (centers > sides)).any(1).mean()),
        cut=float((_lost(boxes, sides) > 0.2).mean()),
        overlap=float(np.median(_best_overlap(different))) if len(different) > 1 else 0.0,
        reach=float((boxes[:, 2:] / sides).max()),
        false_edge=_false_edge(different[:, 2], sides[0]),
        largest=float(boxes.max()),
    )


def _lost(boxes: NDArray[np.float64], sides: NDArray[np.float64]) -> NDArray[np.float64]:
    clipped = np.clip(boxes, 0, np.tile(sides, 2))
    return 1 - (clipped[:, 2:] - clipped[:, :2]).prod(1) / (boxes[:, 2:] - boxes[:, :2]).prod(1)


def _best_overlap(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the best overlap with another box for a sample of the boxes."""
    chosen = np.unique(np.linspace(0, len(boxes) - 1, SAMPLE).round().astype(int))
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    best = np.zeros(len(chosen))
    for place, row in enumerate(chosen):
        sides = np.minimum(boxes[row, 2:], boxes[:, 2:]) - np.maximum(boxes[row, :2], boxes[:, :2])
        common = sides.clip(0).prod(1)
        overlap = common / (areas + areas[row] - common)
        overlap[row] = 0
        best[place] = overlap.max()
    return best


def _false_edge(ends: NDArray[np.float64], side: float) -> tuple[float, int]:
    """Return where boxes end farthest, and how many end right there, if that is well inside of the photo."""
    last = float(ends.max())
    count = int((ends > last - 0.002 * last).sum())
    return (last, count) if last < 0.98 * side else (last, 0)


def count_touching(corners: NDArray[np.float64], size: tuple[int, int]) -> int:
    """Return how many sides of boxes (n, 4) lie on the photo's edge."""
    slack = 0.0008 * max(size)
    return int((np.abs(corners - np.array([0, 0, *size], dtype=np.float64)) <= slack).sum())
