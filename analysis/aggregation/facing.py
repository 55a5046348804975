"""Which boxes of one product stand side by side, with no other product between them.

Two boxes face each other when their projections overlap on one axis and the gap on the other is small. On shelves
this gives the same groups as a morphological closing, and a link, unlike a closing, can be cut.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

# A link is cut when others cover at least this part of the strip between its two boxes.
BLOCKING_COVER = 0.5
# The search for neighbours reaches this much farther than the gap, so that rounding loses none.
_SEARCH_MARGIN = 1.001


def facing_groups(
    boxes: NDArray[np.float64], labels: NDArray[np.int64], gap_x: float, gap_y: float
) -> NDArray[np.int64]:
    """Group the boxes of each product by the links that no other product cuts.

    Args:
        boxes: Shape (n, 4), x1 y1 x2 y2 in pixels; all boxes of the photo.
        labels: Shape (n,), product of each box; negative for none, which is not linked but cuts.
        gap_x: Largest gap between boxes side by side, in pixels.
        gap_y: Largest gap between boxes one above the other, in pixels.

    Returns:
        Shape (n,), the group of each box, numbered from 0; a box of no product is a group of its own.
    """
    # Imported late: half a second that `import inference` waits for, and by default no link is cut.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    tree = shapely.STRtree(shapely.box(*boxes.T))
    links = _facing_pairs(tree, boxes, labels, gap_x, gap_y)
    links = links[~_is_blocked(tree, boxes, labels, links)]
    graph = coo_array((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(len(boxes), len(boxes)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _facing_pairs(
    tree: shapely.STRtree, boxes: NDArray[np.float64], labels: NDArray[np.int64], gap_x: float, gap_y: float
) -> NDArray[np.int64]:
    """Return the index pairs, shape (p, 2), of boxes of one product that face each other; boxes that overlap do."""
    reach = np.array([-gap_x, -gap_y, gap_x, gap_y]) * _SEARCH_MARGIN
    first, second = tree.query(shapely.box(*(boxes + reach).T))
    wanted = (first < second) & (labels[first] == labels[second]) & (labels[first] >= 0)
    first, second = first[wanted], second[wanted]
    distance_x, distance_y = _signed_gaps(boxes[first], boxes[second])
    # Below 0 the projections overlap. Two boxes that only share a corner face each other on neither axis.
    faces = ((distance_y < 0) & (distance_x <= gap_x)) | ((distance_x < 0) & (distance_y <= gap_y))
    return np.column_stack([first[faces], second[faces]])


def _signed_gaps(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the gaps along x and y between paired boxes of shape (p, 4), negative by the length of the overlap."""
    gaps = np.maximum(first[:, :2], second[:, :2]) - np.minimum(first[:, 2:], second[:, 2:])
    return gaps[:, 0], gaps[:, 1]


def _is_blocked(
    tree: shapely.STRtree, boxes: NDArray[np.float64], labels: NDArray[np.int64], links: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return whether others cover at least half of the strip between the two boxes of each link of shape (p, 2)."""
    first, second = boxes[links[:, 0]], boxes[links[:, 1]]
    # Sorted per axis, the middle two of the four edges bound the strip: across the gap and along the overlap alike.
    edges_x = np.sort(np.stack([first[:, 0], first[:, 2], second[:, 0], second[:, 2]]), axis=0)
    edges_y = np.sort(np.stack([first[:, 1], first[:, 3], second[:, 1], second[:, 3]]), axis=0)
    strips = np.column_stack([edges_x[1], edges_y[1], edges_x[2], edges_y[2]])
    blocked = np.zeros(len(links), dtype=bool)
    # Boxes that touch or overlap have nothing between them.
    between = np.flatnonzero(np.maximum(*_signed_gaps(first, second)) > 0)
    strip, other = tree.query(shapely.box(*strips[between].T))
    strip = between[strip]
    foreign = labels[other] != labels[links[strip, 0]]
    blocked[between] = _covered(strips, boxes[other[foreign]], strip[foreign])[between] >= BLOCKING_COVER
    return blocked


def _covered(strips: NDArray[np.float64], others: NDArray[np.float64], strip: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the part of each strip's area that the others cover together.

    Args:
        strips: Shape (p, 4).
        others: Shape (q, 4), boxes that touch a strip.
        strip: Shape (q,), which one.
    """
    lower = np.maximum(strips[strip, :2], others[:, :2])
    upper = np.minimum(strips[strip, 2:], others[:, 2:])
    inside = (upper > lower).all(axis=1)
    lower, upper, strip = lower[inside], upper[inside], strip[inside]
    areas = np.bincount(strip, (upper - lower).prod(axis=1), minlength=len(strips))
    # Only where several lie over a strip can they overlap, and be counted twice.
    for several in np.flatnonzero(np.bincount(strip, minlength=len(strips)) > 1):
        of_this = strip == several
        areas[several] = shapely.union_all(shapely.box(*lower[of_this].T, *upper[of_this].T)).area
    sides = strips[:, 2:] - strips[:, :2]
    has_area = (sides > 0).all(axis=1)
    return np.asarray(np.divide(areas, sides.prod(axis=1), out=np.zeros(len(strips)), where=has_area))
