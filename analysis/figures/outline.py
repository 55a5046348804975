"""The lines around places where groups stand, and around items in none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from numpy.typing import NDArray

from analysis.figures.palette import ClusterStyle

# The widest outline as a part of an item's shorter side: with wider ones, the outlines would be all that is seen.
_LINE_OF_ITEM = 0.13
Colour = tuple[float, float, float, float]


def outlines(polygons: Sequence[shapely.Polygon], line: float) -> NDArray[np.object_]:
    """Return outlines (n,) half a line inside of areas, so that those of neighbours lie side by side.

    Slits and holes that the lines at their sides would fill, as between stacked cans, are closed. What is too narrow
    for a line stays as it is.

    Args:
        polygons: The areas.
        line: Width of the line that is drawn, with its halo.
    """
    areas = np.array(polygons, dtype=object)
    closed = areas
    for distance in (1.5 * line, -1.5 * line):
        closed = shapely.buffer(closed, distance, join_style="mitre")
    inner = shapely.buffer(closed, -line / 2, join_style="mitre")
    kept: NDArray[np.object_] = np.where(shapely.is_empty(inner), areas, inner)
    return kept


def line_width(boxes: NDArray[np.float64], unit: float, pixels_per_point: float) -> float:
    """Return the width of outlines in points: it grows with the text, and is a part of what stands on the shelf.

    Args:
        boxes: All items (n, 4).
        unit: Size of text in points.
        pixels_per_point: Pixels of the photo that a point covers.
    """
    sides = (boxes[:, 2:] - boxes[:, :2]).min(axis=1)
    return min(0.24 * unit, _LINE_OF_ITEM * float(np.median(sides)) / pixels_per_point) if len(boxes) else 0.24 * unit


@dataclass(frozen=True)
class _Stroke:
    """A closed path that is filled or drawn around; its dashes are in widths of its own line."""

    path: Path
    face: Colour = (0, 0, 0, 0)
    edge: Colour = (0, 0, 0, 0)
    width: float = 0.0
    dashes: tuple[float, ...] = ()


def draw_alone(axes: Axes, boxes: NDArray[np.float64], line: float) -> None:
    """Draw the boxes (n, 4) of items in no group, finer than the lines around groups."""
    strokes = []
    for x1, y1, x2, y2 in boxes:
        path = Path([(x1, y1), (x2, y1), (x2, y2), (x1, y2), (x1, y1)], closed=True)
        strokes += [
            _Stroke(path, edge=(0, 0, 0, 0.6), width=1.25 * line, dashes=(2.5, 1.5)),
            _Stroke(path, edge=(0.85, 0.85, 0.85, 1), width=0.625 * line, dashes=(5, 3)),
        ]
    _draw(axes, strokes)


def draw_areas(
    axes: Axes,
    polygons: Sequence[shapely.Polygon],
    styles: Sequence[ClusterStyle],
    line: float,
    pixels_per_point: float,
) -> None:
    """Draw a line of this width in points around each place, just inside of it."""
    strokes = []
    for shape, style in zip(outlines(polygons, 1.5 * line * pixels_per_point), styles, strict=True):
        path = _path_of(shape)
        # No more than a breath of colour: what tells look-alikes apart is printed on them. What reads well on the
        # colour sets it off from the photo, and shows in the gaps of a broken line.
        strokes += [
            _Stroke(path, face=(*style.colour, 0.07)),
            _Stroke(path, edge=to_rgba(style.text_colour), width=1.7 * line),
            _Stroke(path, edge=(*style.colour, 1), width=line, dashes=style.dashes),
        ]
    _draw(axes, strokes)


def _draw(axes: Axes, strokes: Sequence[_Stroke]) -> None:
    """Draw one stroke over the other, all at once: thousands of patches take half a minute."""
    collection = PathCollection(
        [stroke.path for stroke in strokes],
        facecolors=[stroke.face for stroke in strokes],
        edgecolors=[stroke.edge for stroke in strokes],
        linewidths=[stroke.width for stroke in strokes],
        linestyles=[(0, stroke.dashes or None) for stroke in strokes],
        joinstyle="miter",
    )
    # The photo decides on the layout.
    collection.set_in_layout(False)
    axes.add_collection(collection, autolim=False)


def _path_of(shape: shapely.Polygon | shapely.MultiPolygon) -> Path:
    rings = shapely.get_rings(shapely.get_parts(shape))
    return Path.make_compound_path(*(Path(shapely.get_coordinates(ring), closed=True) for ring in rings))
