"""Morphological closing of unions of boxes by a rectangle, exact and without a raster.

A closing is a dilation followed by an erosion. The dilation of a box by a rectangle is a larger box. What the erosion
takes away from a shape is the shape's outline dilated by the same rectangle, and because all outlines here run along
the axes, that is again a union of boxes. So both halves are unions of boxes, and nothing depends on a resolution.

Many layers are closed in one go, one below the other in a very high photo: a thousand small unions cost more than one.
Parts of the layers are worked on side by side, a part per core.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from analysis.threads import for_each

# A fixed size, not one for each core: the result must not depend on the machine.
BOXES_PER_PART = 1000
# Coordinates are rounded to this part of the smallest box side, so that edges which should coincide do.
_RELATIVE_GRID = 1e-6
# Whole numbers up to here are exact, and so are the crossings of lines along the axes.
_LARGEST_COORDINATE = 2.0**50


def closed_components(
    boxes: NDArray[np.float64], layers: NDArray[np.int64], gap_x: float, gap_y: float
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the connected components of the closed union of each layer's boxes.

    Boxes join across a gap of up to and including the rectangle's side. Parts that only share a corner stay apart.

    Args:
        boxes: Shape (m, 4), x1 y1 x2 y2 in pixels, x2 > x1 and y2 > y1; at least one.
        layers: Shape (m,), numbered from 0; boxes of different layers have nothing to do with each other.
        gap_x: Width of the closing rectangle in pixels; 0 bridges no gap along x.
        gap_y: Height of the closing rectangle in pixels; 0 bridges no gap along y.

    Returns:
        Polygons, and for each box the index of the one that holds its centre, shape (m,).

    References:
        Serra, Image Analysis and Mathematical Morphology, 1982.
    """
    height = float(np.ptp(boxes[:, [1, 3]])) + 2 * gap_y
    # One grid for all parts: what is worked on together must not show in the result.
    steps = _steps_per_pixel(boxes, np.abs(boxes).max() + gap_x + 2 * height * (int(layers.max()) + 1))
    # The next layer begins well below this one, at a whole number of steps.
    pitch = np.ceil(1.5 * height * steps)
    reach = np.array([gap_x, gap_y, gap_x, gap_y]) / 2 * [-1, -1, 1, 1]
    per_layer = np.bincount(layers)
    part_of_layer = (np.cumsum(per_layer) - per_layer) // BOXES_PER_PART
    parts = [np.flatnonzero(part_of_layer[layers] == part) for part in np.unique(part_of_layer)]
    closed: dict[int, tuple[NDArray[np.object_], NDArray[np.int64]]] = {}

    def close(part: int) -> None:
        members = parts[part]
        closed[part] = _close(boxes[members], (layers[members] - layers[members].min()) * pitch, reach, steps)

    for_each(close, range(len(parts)))
    polygons, homes = zip(*(closed[part] for part in range(len(parts))), strict=True)
    num_before = np.cumsum([0, *map(len, polygons)])
    home = np.empty(len(boxes), dtype=np.int64)
    for part, members in enumerate(parts):
        home[members] = homes[part] + num_before[part]
    return np.concatenate(polygons), home


def _close(
    boxes: NDArray[np.float64], shift: NDArray[np.float64], reach: NDArray[np.float64], steps: float
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Close boxes in one go.

    Args:
        boxes: Shape (m, 4), in pixels.
        shift: Shape (m,), how far down the layer of each box is drawn, in whole steps of the grid.
        reach: Shape (4,), what the dilation adds to x1 y1 x2 y2, in pixels.
        steps: Steps of the grid per pixel.
    """
    # Rounded after growing: edges that should touch are then equal numbers.
    dilated = _union(np.rint((boxes + reach) * steps) + _down(shift))
    outline = _union(_edges(dilated) + np.rint(reach * steps))
    polygons = shapely.get_parts(shapely.difference(dilated, outline))
    polygons = polygons[shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON]
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2 * steps + _down(shift)[:, :2]
    # The nearest component is the one around the centre; no rounding can leave a box without one.
    home = shapely.STRtree(polygons).nearest(shapely.points(centres))
    back = np.zeros(len(polygons))
    back[home] = shift
    points, polygon = shapely.get_coordinates(polygons, return_index=True)
    return shapely.set_coordinates(polygons, (points - _down(back[polygon])[:, :2]) / steps), home.astype(np.int64)


def _steps_per_pixel(boxes: NDArray[np.float64], extent: float) -> float:
    # In proportion to the boxes, so that the same layout rounds alike at every size of the photo.
    finest = 1.0 / (_RELATIVE_GRID * float((boxes[:, 2:] - boxes[:, :2]).min()))
    return min(finest, _LARGEST_COORDINATE / extent)


def _down(shift: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shift along y of both corners of a box, shape (m, 4)."""
    nothing = np.zeros_like(shift)
    return np.column_stack([nothing, shift, nothing, shift])


def _union(boxes: NDArray[np.float64]) -> shapely.Geometry:
    """Unite boxes with whole coordinates; those without an area are left out."""
    has_area = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
    # Far faster than union_all where there are many places without a connection.
    return shapely.disjoint_subset_union_all(shapely.box(*boxes[has_area].T))


def _edges(shape: shapely.Geometry) -> NDArray[np.float64]:
    """Return every edge of the shape's outlines, holes included, as a flat box x1 y1 x2 y2; shape (e, 4)."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same_ring = ring[1:] == ring[:-1]
    start, end = points[:-1][same_ring], points[1:][same_ring]
    return np.hstack([np.minimum(start, end), np.maximum(start, end)])
