"""What every aggregation returns, and what it must offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Congregation:
    """Items of one cluster that stand together.

    Attributes:
        cluster: Label of the cluster.
        members: Shape (k,), ascending indices into the photo's boxes.
        polygon: Outline in pixels of the photo, bridged gaps included.
        area: Area of the polygon in square pixels.
    """

    cluster: int
    members: NDArray[np.int64]
    polygon: shapely.Polygon
    area: float


class Aggregation(Protocol):
    """Anything that finds out which items of a cluster stand together."""

    def aggregate(self, boxes: ArrayLike, labels: ArrayLike) -> list[Congregation]:
        """Find the congregations of one photo.

        Args:
            boxes: Shape (n, 4), x1 y1 x2 y2 in pixels, x2 and y2 exclusive.
            labels: Shape (n,), cluster of each box, negative for none.
        """
