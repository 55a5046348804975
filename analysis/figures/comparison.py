"""A photo twice: the true products, and beside them the groups that were found."""

from __future__ import annotations

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from scipy.optimize import linear_sum_assignment

from analysis.figures.badges import badge_size, place_badges
from analysis.figures.outline import draw_areas, line_width
from analysis.figures.overlay import draw_number, draw_photo, text_unit
from analysis.figures.palette import ALONE_COLOUR, ClusterStyle, cluster_style
from analysis.labels import as_singletons

_DPI = 100
_ALONE = ClusterStyle(ALONE_COLOUR, "black", (), "o")
_MISTAKE = ClusterStyle((1.0, 0.0, 0.0), "white", (), "o")


def comparison_figure(
    photo: NDArray[np.uint8],
    boxes: ArrayLike,
    truth: ArrayLike,
    found: ArrayLike,
    title: str | None = None,
    max_side: int = 1200,
) -> Figure:
    """Draw the true products and beside them the found groups, alike in colour and number where they match.

    A box that is not where its product's own group is has a red outline on the right. Items alone are grey.

    Args:
        photo: Shape (h, w, 3), uint8.
        boxes: Shape (n, 4), x1 y1 x2 y2 in pixels of the photo.
        truth: Shape (n,), product of each box; negative for a product of its own.
        found: Shape (n,), group of each box; negative for a box alone.
        title: Printed above the photos.
        max_side: Largest height or width of one photo in pixels at the figure's own 100 dots per inch.

    Raises:
        ValueError: If boxes and labels differ in number.
    """
    corners = np.asarray(boxes, dtype=float).reshape(-1, 4)
    products, groups = match_groups(truth, found)
    if len(corners) != len(products):
        raise ValueError(f"boxes and labels must be of one number, got {len(corners)} and {len(products)}")
    height, width = photo.shape[:2]
    inches = np.array([width, height]) * max_side / max(height, width) / _DPI
    unit = text_unit(width, height, max_side)
    figure = Figure(
        figsize=(2 * inches[0], inches[1] + (6 if title else 3) * unit / 72), dpi=_DPI, layout="constrained"
    )
    mistaken = products != groups
    for number, (labels, name) in enumerate([(products, "true products"), (groups, "found groups")]):
        axes = figure.add_subplot(1, 2, number + 1)
        draw_photo(axes, Image.fromarray(photo), max_side)
        wrong = mistaken if number else np.zeros_like(mistaken)
        counted = f", {wrong.sum()} of {len(wrong)} boxes not in their product's group (red)" if number else ""
        axes.set_title(f"{name}: {len(np.unique(labels))}{counted}", fontsize=1.3 * unit)
        _draw_boxes(axes, corners, labels, wrong, unit, max(height, width) / max_side * _DPI / 72)
    if title:
        figure.suptitle(title, fontsize=1.6 * unit)
    return figure


def match_groups(truth: ArrayLike, found: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number products by decreasing size, and the groups so that most items keep their product's number.

    Args:
        truth: Shape (n,), product of each item; each negative one is a product of its own.
        found: Shape (n,), group of each item; each negative one is a group of its own.

    Returns:
        Numbers of products and of groups, both of shape (n,); a group that matches no product gets a higher number.
    """
    sizes_of = np.unique(as_singletons(truth), return_inverse=True, return_counts=True)
    order = np.argsort(-sizes_of[2], kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    products = rank[sizes_of[1]]
    _, groups = np.unique(as_singletons(found), return_inverse=True)
    shared = np.zeros((len(order), groups.max(initial=-1) + 1))
    np.add.at(shared, (products, groups), 1)
    rows, columns = linear_sum_assignment(-shared)
    # A pair that shares nothing is matched only because someone has to be.
    numbers = {int(column): int(row) for row, column in zip(rows, columns, strict=True) if shared[row, column]}
    for group in range(shared.shape[1]):
        numbers.setdefault(group, len(order) + group)
    return products, np.array([numbers[int(group)] for group in groups], dtype=np.int64)


def _draw_boxes(
    axes: Axes,
    boxes: NDArray[np.float64],
    labels: NDArray[np.int64],
    wrong: NDArray[np.bool_],
    unit: float,
    pixels_per_point: float,
) -> None:
    """Draw an outline around each box and its number at the edge, in the style of its group; mistaken ones in red."""
    _, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    polygons = [shapely.box(*box) for box in boxes]
    styles = [cluster_style(int(label)) for label in labels]
    looks = [_ALONE if count == 1 else style for style, count in zip(styles, counts[inverse], strict=True)]
    # What is wrong lies on top of what stands beside it.
    order = np.argsort(wrong, kind="stable")
    drawn = [_MISTAKE if wrong[row] else looks[row] for row in order]
    line = line_width(boxes, unit, pixels_per_point)
    draw_areas(axes, [polygons[row] for row in order], drawn, line, pixels_per_point)
    digits = len(str(labels.max(initial=0)))
    size = badge_size(digits, unit * pixels_per_point)
    width, height = axes.get_xlim()[1], axes.get_ylim()[0]
    for label, look, badge in zip(labels, looks, place_badges(polygons, boxes, size, (width, height)), strict=True):
        draw_number(axes, int(label), look, badge, unit)
