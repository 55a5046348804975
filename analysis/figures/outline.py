"""The line around a place where a group stands."""

from __future__ import annotations

import shapely


def outline(polygon: shapely.Polygon, line: float) -> shapely.Polygon | shapely.MultiPolygon:
    """Return an outline half a line inside of an area, so that those of neighbours lie side by side.

    Slits and holes that the lines at their sides would fill, as between stacked cans, are closed. What is too narrow
    for a line stays as it is.

    Args:
        polygon: The area.
        line: Width of the line that is drawn, with its halo.
    """
    closed = polygon.buffer(1.5 * line, join_style="mitre").buffer(-1.5 * line, join_style="mitre")
    inner = closed.buffer(-line / 2, join_style="mitre")
    return polygon if inner.is_empty else inner
