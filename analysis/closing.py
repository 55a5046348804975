"""Morphological closing of a union of boxes by a rectangle, exact and without a raster.

A closing is a dilation followed by an erosion. The dilation of a box by a rectangle is a larger box. What the erosion
takes away from a shape is the shape's outline dilated by the same rectangle, and because all outlines here run along
the axes, that is again a union of boxes. So both halves are unions of boxes, and nothing depends on a resolution.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

# Coordinates are rounded to this part of the smallest box side, so that edges which should coincide do.
_RELATIVE_GRID = 1e-6


def closed_components(boxes: NDArray[np.float64], gap_x: float, gap_y: float) -> list[shapely.Polygon]:
    """Connected components of the closed union of boxes.

    Boxes join across a gap of up to and including the rectangle's side. Parts that only share a corner stay apart.

    Args:
        boxes: shape (m, 4), x1 y1 x2 y2 in pixels, x2 > x1 and y2 > y1; at least one.
        gap_x: width of the closing rectangle in pixels; 0 bridges no gap along x.
        gap_y: height of the closing rectangle in pixels; 0 bridges no gap along y.

    References:
        Serra, Image Analysis and Mathematical Morphology, 1982.
    """
    grid = _RELATIVE_GRID * float((boxes[:, 2:] - boxes[:, :2]).min())
    reach = np.array([gap_x, gap_y]) / 2
    dilated = shapely.union_all(_grown(boxes, reach), grid_size=grid)
    outline = shapely.union_all(_grown(_edges(dilated), reach), grid_size=grid)
    closed = shapely.difference(dilated, outline, grid_size=grid)
    return [part for part in shapely.get_parts(closed) if part.geom_type == "Polygon"]


def _grown(boxes: NDArray[np.float64], reach: NDArray[np.float64]) -> NDArray[np.object_]:
    """Boxes grown on each side by a reach along x and y, as shapely geometries; those without an area are left out."""
    lower, upper = boxes[:, :2] - reach, boxes[:, 2:] + reach
    has_area = (upper > lower).all(axis=1)
    return shapely.box(*lower[has_area].T, *upper[has_area].T)


def _edges(shape: shapely.Geometry) -> NDArray[np.float64]:
    """Every edge of the shape's outlines, holes included, as a flat box x1 y1 x2 y2; shape (e, 4)."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same_ring = ring[1:] == ring[:-1]
    start, end = points[:-1][same_ring], points[1:][same_ring]
    return np.hstack([np.minimum(start, end), np.maximum(start, end)])
