"""The ways of aggregation that are compared; each function prepares one, and is called in a process of its own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray
from skimage.measure import label as label_components
from skimage.morphology import closing, footprint_rectangle
from skimage.transform import resize

from analysis.aggregation.closing_aggregation import ClosingAggregation
from scripts.benchmarks.inputs.shelves import shelf_boxes
from scripts.benchmarks.timing.measure import Job

Method = Callable[[NDArray[np.float64], NDArray[np.int64]], int]
WARM_UP_BOXES = 20
GAP_X, GAP_Y = 0.62, 0.35


def neighbours(num_boxes: int, seed: int) -> Job:
    """Find the boxes in reach of every box, from a tree: what no grouping of boxes can do without."""
    boxes, _ = shelf_boxes(num_boxes, seed)

    def work() -> None:
        reach = _gaps(boxes) * [-1, -1, 1, 1]
        shapely.STRtree(shapely.box(*boxes.T)).query(shapely.box(*(boxes + reach).T))

    return work, lambda result: {}


def this_project(num_boxes: int, seed: int) -> Job:
    """Close all clusters exactly, at once."""
    aggregation = ClosingAggregation(GAP_X, GAP_Y)
    return _job(num_boxes, seed, lambda boxes, labels: len(aggregation.aggregate(boxes, labels)))


def this_project_cut(num_boxes: int, seed: int) -> Job:
    """Close them without joining boxes that another product stands between."""
    aggregation = ClosingAggregation(GAP_X, GAP_Y, bridge_over_others=False)
    return _job(num_boxes, seed, lambda boxes, labels: len(aggregation.aggregate(boxes, labels)))


def buffered(num_boxes: int, seed: int) -> Job:
    """Unite, grow and shrink every cluster by shapely, with as wide a gap along y as along x."""

    def count(boxes: NDArray[np.float64], labels: NDArray[np.int64]) -> int:
        reach, found = float(_gaps(boxes)[0]) / 2, 0
        for cluster in np.unique(labels[labels >= 0]):
            union = shapely.union_all(shapely.box(*boxes[labels == cluster].T))
            grown = shapely.buffer(union, reach, join_style="mitre")
            found += len(shapely.get_parts(shapely.buffer(grown, -reach, join_style="mitre")))
        return found

    return _job(num_boxes, seed, count)


def original_raster(num_boxes: int, seed: int) -> Job:
    """Close as the original report: a mask of the whole photo per cluster, reduced to a tenth, by 15 x 15 pixels."""

    def count(boxes: NDArray[np.float64], labels: NDArray[np.int64]) -> int:
        side, found = int(np.ceil(boxes.max())), 0
        for cluster in np.unique(labels[labels >= 0]):
            mask = np.zeros((side, side))
            for x1, y1, x2, y2 in boxes[labels == cluster].astype(int):
                mask[y1:y2, x1:x2] = 1
            small = resize(mask, (-(-side // 10), -(-side // 10)), order=1, anti_aliasing=False) > 0
            found += int(label_components(closing(small, footprint_rectangle((15, 15)))).max())
        return found

    return _job(num_boxes, seed, count)


def _gaps(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the gap along x and along y in pixels, twice."""
    return np.tile(np.median(boxes[:, 2:] - boxes[:, :2], axis=0) * [GAP_X, GAP_Y], 2)


def _job(num_boxes: int, seed: int, method: Method) -> Job:
    boxes, labels = shelf_boxes(num_boxes, seed)
    method(*shelf_boxes(WARM_UP_BOXES, seed))
    return lambda: method(boxes, labels), lambda count: {"congregations": float(count)}
