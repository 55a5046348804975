"""Which boxes of one product stand side by side, with no other product between them.

Two boxes face each other when their projections overlap on one axis and the gap on the other is small. On shelves
this gives the same groups as a morphological closing, and a link, unlike a closing, can be cut.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

# A link is cut when others cover at least this part of the strip between its two boxes.
BLOCKING_COVER = 0.5


def facing_groups(
    boxes: NDArray[np.float64], others: NDArray[np.float64], gap_x: float, gap_y: float
) -> NDArray[np.int64]:
    """Group the boxes of one product by the links that no other product cuts.

    Args:
        boxes: shape (m, 4), x1 y1 x2 y2 in pixels, of the product.
        others: shape (k, 4), all other boxes of the photo.
        gap_x: largest gap between boxes side by side, in pixels.
        gap_y: largest gap between boxes one above the other, in pixels.

    Returns:
        Shape (m,), the group of each box, numbered from 0.
    """
    links = _facing_pairs(boxes, gap_x, gap_y)
    links = links[~_is_blocked(boxes[links[:, 0]], boxes[links[:, 1]], others)]
    graph = coo_array((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(len(boxes), len(boxes)))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _facing_pairs(boxes: NDArray[np.float64], gap_x: float, gap_y: float) -> NDArray[np.int64]:
    """Index pairs, shape (p, 2), of boxes that face each other; boxes that overlap do."""
    first, second = np.triu_indices(len(boxes), k=1)
    distance_x, distance_y = _signed_gaps(boxes[first], boxes[second])
    # Below 0 the projections overlap. Two boxes that only share a corner face each other on neither axis.
    faces = ((distance_y < 0) & (distance_x <= gap_x)) | ((distance_x < 0) & (distance_y <= gap_y))
    return np.column_stack([first[faces], second[faces]])


def _signed_gaps(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gap along x and along y between paired boxes of shape (p, 4); negative by the length of the overlap."""
    gaps = np.maximum(first[:, :2], second[:, :2]) - np.minimum(first[:, 2:], second[:, 2:])
    return gaps[:, 0], gaps[:, 1]


def _is_blocked(
    first: NDArray[np.float64], second: NDArray[np.float64], others: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether others cover at least half of the strip between each pair of facing boxes of shape (p, 4)."""
    # Sorted per axis, the middle two of the four edges bound the strip: across the gap and along the overlap alike.
    edges_x = np.sort(np.stack([first[:, 0], first[:, 2], second[:, 0], second[:, 2]]), axis=0)
    edges_y = np.sort(np.stack([first[:, 1], first[:, 3], second[:, 1], second[:, 3]]), axis=0)
    strips = shapely.box(edges_x[1], edges_y[1], edges_x[2], edges_y[2])
    # Boxes that touch or overlap have nothing between them.
    has_strip = np.maximum(*_signed_gaps(first, second)) > 0
    tree = shapely.STRtree(shapely.box(*others.T))
    blocked = np.zeros(len(strips), dtype=bool)
    blocked[has_strip] = [_cover(strip, tree) >= BLOCKING_COVER for strip in strips[has_strip]]
    return blocked


def _cover(strip: shapely.Polygon, others: shapely.STRtree) -> float:
    """Part of the strip's area that the others cover together."""
    near = others.geometries[others.query(strip)]
    return shapely.union_all(near).intersection(strip).area / strip.area
