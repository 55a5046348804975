"""Spatial aggregation: where in the photo each product stands.

A cluster says which items are one product; a congregation is one place of the photo where that product stands. Items
in no cluster (label -1) belong to no congregation: each is alone.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from analysis.aggregation.box_closing import closed_components
from analysis.aggregation.congregation import Congregation
from analysis.aggregation.facing import facing_groups
from analysis.labels import rows_by_label


class ClosingAggregation:
    """Union of a cluster's boxes, morphologically closed by a rectangle, split into connected components.

    The defaults equal the original report's 144 pixels on its photo, but follow the size of the boxes and so the
    photo's resolution. A gap of exactly the given size is bridged. With a gap of 0 only boxes that overlap or share
    part of an edge join along that axis; boxes that share only a corner never do. ``gap_y=0`` keeps shelves apart.

    Args:
        gap_x: Widest gap bridged between neighbours, in median widths of all boxes of the photo.
        gap_y: Highest gap bridged between shelves or piles, in median heights of all boxes of the photo.
        bridge_over_others: When False, two boxes do not join directly if boxes of other labels (-1 included) cover
            half or more of the strip between them. The outline may still cover others where a way around joins.

    Raises:
        ValueError: If a gap is negative or not finite.
    """

    def __init__(self, gap_x: float = 0.62, gap_y: float = 0.35, *, bridge_over_others: bool = True) -> None:
        self.gap_x = _check_gap("gap_x", gap_x)
        self.gap_y = _check_gap("gap_y", gap_y)
        self.bridge_over_others = bridge_over_others

    def aggregate(self, boxes: ArrayLike, labels: ArrayLike) -> list[Congregation]:
        """Find the congregations of one photo.

        Args:
            boxes: Shape (n, 4), x1 y1 x2 y2 in pixels, x2 and y2 exclusive.
            labels: Shape (n,), cluster of each box, negative for none.

        Returns:
            Ordered by cluster, then by the top and the left of the outline. Every box of a cluster is in exactly one.

        Raises:
            ValueError: If a box is empty or not finite, or the shapes do not match.
        """
        corners, clusters = _check_detections(boxes, labels)
        if len(corners) == 0:
            return []
        gaps = np.array([self.gap_x, self.gap_y]) * np.median(corners[:, 2:] - corners[:, :2], axis=0)
        placed = np.flatnonzero(clusters >= 0)
        if placed.size == 0:
            return []
        layers = clusters if self.bridge_over_others else facing_groups(corners, clusters, *gaps)
        _, layers = np.unique(layers[placed], return_inverse=True)
        polygons, home = closed_components(corners[placed], layers, *gaps)
        return _congregations(placed, clusters[placed], polygons, home)


def _congregations(
    members: NDArray[np.int64], clusters: NDArray[np.int64], polygons: NDArray[np.object_], home: NDArray[np.int64]
) -> list[Congregation]:
    """Hand each polygon the members that are at home in it, and sort by cluster, top and left."""
    groups, used = rows_by_label(home), np.unique(home)
    cluster_of = clusters[[rows[0] for rows in groups]]
    left, top, _, _ = shapely.bounds(polygons[used]).T
    areas = shapely.area(polygons)
    return [
        Congregation(int(cluster_of[index]), members[groups[index]], polygons[used[index]], float(areas[used[index]]))
        for index in np.lexsort((left, top, cluster_of))
    ]


def _check_gap(name: str, gap: float) -> float:
    if not np.isfinite(gap) or gap < 0:
        raise ValueError(f"{name} must be a finite number of at least 0 (in median box sizes), got {gap!r}")
    return float(gap)


def _check_detections(boxes: ArrayLike, labels: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    # An empty list has no second dimension.
    corners = np.asarray(boxes, dtype=np.float64)
    corners = corners.reshape(0, 4) if corners.size == 0 else corners
    clusters = np.asarray(labels)
    if corners.ndim != 2 or corners.shape[1] != 4 or clusters.shape != (len(corners),):
        raise ValueError(f"boxes must be (n, 4) with n labels, got shapes {corners.shape} and {clusters.shape}")
    proper = np.isfinite(corners).all(axis=1) & (corners[:, 2:] > corners[:, :2]).all(axis=1)
    if not proper.all():
        bad = int(np.flatnonzero(~proper)[0])
        raise ValueError(f"boxes must be finite with x2 > x1 and y2 > y1, got {corners[bad]} at index {bad}")
    return corners, clusters.astype(np.int64)
