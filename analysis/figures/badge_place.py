"""Where to print a number on an area."""

from __future__ import annotations

from collections.abc import Sequence

import shapely


def badge_place(polygon: shapely.Polygon, others: Sequence[shapely.Polygon]) -> shapely.Point:
    """Find a point well inside an area, and outside the areas that overlap it as far as that leaves room.

    The centroid where it lies well inside; else, as in an L or a ring, the centre of the largest circle inside.

    Args:
        polygon: The area.
        others: All other areas that get a number.
    """
    visible = shapely.difference(polygon, shapely.union_all(list(others)))
    # What is wholly hidden leaves an empty part behind.
    parts = [part for part in shapely.get_parts(visible) if part.area > 0]
    part = max(parts, key=lambda piece: piece.area, default=polygon)
    # A sliver has no room for a number; then the areas have to share.
    room = part if _widest_circle(part).length >= 0.25 * _widest_circle(polygon).length else polygon
    circle, centroid = _widest_circle(room), room.centroid
    lies_well = room.contains(centroid) and room.boundary.distance(centroid) >= 0.5 * circle.length
    return centroid if lies_well else shapely.get_point(circle, 0)


def _widest_circle(polygon: shapely.Polygon) -> shapely.LineString:
    """Return the line from the centre of the largest circle inside to a point on it."""
    return shapely.maximum_inscribed_circle(polygon, tolerance=0.01 * polygon.area**0.5)
