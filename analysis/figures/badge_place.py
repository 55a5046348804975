"""Where to print numbers on areas."""

from __future__ import annotations

from collections.abc import Sequence

import shapely


def badge_places(polygons: Sequence[shapely.Polygon]) -> list[shapely.Point]:
    """Find a place for a number on each area, as :func:`badge_place` does, with only its neighbours as the others."""
    tree = shapely.STRtree(polygons)
    near = [sorted(set(tree.query(polygon).tolist()) - {number}) for number, polygon in enumerate(polygons)]
    return [badge_place(polygons[at], [polygons[other] for other in others]) for at, others in enumerate(near)]


def badge_place(polygon: shapely.Polygon, others: Sequence[shapely.Polygon]) -> shapely.Point:
    """Find a point well inside an area, and outside the areas that overlap it as far as that leaves room.

    The centroid where it lies well inside; else, as in an L or a ring, the centre of the largest circle inside.

    Args:
        polygon: The area.
        others: All other areas that get a number.
    """
    visible = shapely.difference(polygon, shapely.union_all(list(others))) if others else polygon
    # What is wholly hidden leaves an empty part behind.
    parts = [part for part in shapely.get_parts(visible) if part.area > 0]
    room = max(parts, key=lambda piece: piece.area, default=polygon)
    circle = _widest_circle(room)
    if others:
        whole = _widest_circle(polygon)
        if circle.length < 0.25 * whole.length:
            # A sliver has no room for a number; then the areas have to share.
            room, circle = polygon, whole
    centroid = room.centroid
    lies_well = room.contains(centroid) and room.boundary.distance(centroid) >= 0.5 * circle.length
    return centroid if lies_well else shapely.get_point(circle, 0)


def _widest_circle(polygon: shapely.Polygon) -> shapely.LineString:
    """Return the line from the centre of the largest circle inside to a point on it."""
    return shapely.maximum_inscribed_circle(polygon, tolerance=0.01 * polygon.area**0.5)
