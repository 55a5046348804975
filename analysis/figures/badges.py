"""Where to print numbers on areas: at their edges, where they hide as little of the items as they can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

# A badge is at most this part of the narrower side of its area, but never smaller than this part of its size.
_PART_OF_AREA, _SMALLEST = 0.5, 0.62
# What is hidden of other groups' items counts more than of its own: a number there would seem to be theirs.
_OTHERS = 1.5
# Of two places that hide about as much, the earlier candidate is taken.
_ORDER = 0.02
_ON_BADGE = 4.0


@dataclass(frozen=True)
class Badge:
    """A place for a number.

    Attributes:
        x: Its centre in pixels of the photo.
        y: The same from above.
        scale: Its size as a part of the usual one, for a small area has a small number.
    """

    x: float
    y: float
    scale: float


def badge_size(digits: int, unit: float) -> tuple[float, float]:
    """Return width and height of the badge of a number, in what the unit of text is given in."""
    return (0.9 + 0.75 * digits) * unit, 1.8 * unit


def place_badges(
    polygons: Sequence[shapely.Polygon], boxes: ArrayLike, size: tuple[float, float], photo: tuple[float, float]
) -> list[Badge | None]:
    """Find a place for a number at the edge of each area; None where the number would be larger than the area.

    Args:
        polygons: The areas.
        boxes: All items of the photo (n, 4), which are not to be hidden.
        size: Width and height of a badge in pixels of the photo.
        photo: Width and height of the photo.
    """
    areas = np.array(polygons, dtype=object)
    bounds = shapely.bounds(areas).reshape(-1, 4)
    narrower = (bounds[:, 2:] - bounds[:, :2]).min(axis=1)
    scales = np.clip(_PART_OF_AREA * narrower / max(size), _SMALLEST, 1.0)
    found: list[Badge | None] = [None] * len(areas)
    fitting = np.flatnonzero(scales**2 * size[0] * size[1] <= shapely.area(areas))
    if len(fitting):
        items = np.asarray(boxes, dtype=float).reshape(-1, 4)
        for row, badge in zip(fitting, _placed(areas[fitting], items, scales[fitting], size, photo), strict=True):
            found[row] = badge
    return found


def _placed(
    polygons: NDArray[np.object_],
    items: NDArray[np.float64],
    scales: NDArray[np.float64],
    size: tuple[float, float],
    photo: tuple[float, float],
) -> list[Badge]:
    sizes = scales[:, None] * np.array(size)
    centres = np.stack([_candidates(polygon, own) for polygon, own in zip(polygons, sizes, strict=True)])
    half = sizes[:, None] / 2
    centres = np.clip(centres, half, np.maximum(np.array(photo) - half, half))
    rectangles = np.concatenate([centres - half, centres + half], axis=2)
    costs = _hidden(rectangles, polygons, items) + _ORDER * np.arange(centres.shape[1])
    chosen = _without_overlap(rectangles, costs)
    return [
        Badge(float(x), float(y), float(scale))
        for (x, y), scale in zip(centres[np.arange(len(chosen)), chosen], scales, strict=True)
    ]


def _candidates(polygon: shapely.Polygon, size: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return centres of badges (k, 2) that touch an area's corners: on its edge, outside of it, inside of it."""
    corners = shapely.get_coordinates(polygon.exterior)
    centres = []
    for side, outwards in ((corners[:, 1].min(), -1), (corners[:, 1].max(), 1)):
        ends = corners[corners[:, 1] == side, 0]
        left, right = ends.min() + size[0] / 2, ends.max() - size[0] / 2
        for x in (left, right, (left + right) / 2):
            centres += [(x, side + outwards * part * size[1] / 2) for part in (0, 1, -1)]
    return np.array(centres)


def _hidden(
    rectangles: NDArray[np.float64], polygons: NDArray[np.object_], items: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how much of the items each badge hides (n, k), as a part of the badge; of other groups' items more."""
    count, number = rectangles.shape[:2]
    flat = rectangles.reshape(-1, 4)
    badge, item = shapely.STRtree(shapely.box(*items.T)).query(shapely.box(*flat.T))
    covered = _shared_area(flat[badge], items[item]) / _area(flat[badge])
    centres = shapely.points((items[item, :2] + items[item, 2:]) / 2)
    own = shapely.intersects(polygons[badge // number], centres)
    weights = np.where(own, 1.0, _OTHERS)
    hidden: NDArray[np.float64] = np.bincount(badge, weights * covered, minlength=len(flat)).astype(float)
    return hidden.reshape(count, number)


def _without_overlap(rectangles: NDArray[np.float64], costs: NDArray[np.float64]) -> NDArray[np.int64]:
    """Choose a candidate for each area in turn, off the badges that are placed already."""
    chosen = np.zeros(len(costs), dtype=np.int64)
    cell = (rectangles[..., 2:] - rectangles[..., :2]).max()
    placed: dict[tuple[int, int], list[NDArray[np.float64]]] = {}
    for area, (candidates, cost) in enumerate(zip(rectangles, costs, strict=True)):
        others = [badge for at in _cells(candidates, cell) for badge in placed.get(at, ())]
        if others:
            shared = _shared_area(candidates[:, None], np.array(others)[None]) / _area(candidates)[:, None]
            cost = cost + _ON_BADGE * shared.sum(axis=1)
        chosen[area] = cost.argmin()
        badge = candidates[chosen[area]]
        placed.setdefault(_cell(badge, cell), []).append(badge)
    return chosen


def _cells(candidates: NDArray[np.float64], cell: float) -> list[tuple[int, int]]:
    """Return the cells of a grid whose badges could reach a candidate; a cell is as large as the largest badge."""
    middles = (candidates[:, :2] + candidates[:, 2:]) / 2
    (left, top), (right, bottom) = (middles.min(0) // cell).astype(int) - 1, (middles.max(0) // cell).astype(int) + 1
    return [(column, row) for column in range(left, right + 1) for row in range(top, bottom + 1)]


def _cell(rectangle: NDArray[np.float64], cell: float) -> tuple[int, int]:
    x1, y1, x2, y2 = rectangle.tolist()
    return int((x1 + x2) / 2 // cell), int((y1 + y2) / 2 // cell)


def _shared_area(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the area that rectangles (..., 4) share."""
    sides = np.minimum(first[..., 2:], second[..., 2:]) - np.maximum(first[..., :2], second[..., :2])
    area: NDArray[np.float64] = np.clip(sides, 0, None).prod(axis=-1)
    return area


def _area(rectangles: NDArray[np.float64]) -> NDArray[np.float64]:
    return _shared_area(rectangles, rectangles)
