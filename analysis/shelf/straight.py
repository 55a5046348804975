"""Where the shelves of a tilted photo would lie if it were straight.

Shelves are parallel, so their lines in a photo meet in one point: a line's slope is a linear function of its height.
That function is what most pairs of neighbouring boxes agree on.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
# Slopes at the middle of the photo, and their change over its height.
_SLOPES = np.arange(-20, 21) * 0.02
_CHANGES = np.arange(-12, 13) * 0.05
# Pairs that agree to a slope within about this much speak for it.
_SPREAD = 0.03
_MIN_PAIRS = 5
_MAX_PAIRS = 1000


class StraightBoxes(NamedTuple):
    """Boxes as they would be with level shelves: sides as they are, tops and bases made level; (n,) each."""

    left: Values
    right: Values
    top: Values
    base: Values

    @property
    def width(self) -> Values:
        """Width of each box."""
        return self.right - self.left

    @property
    def height(self) -> Values:
        """Height of each box."""
        return self.base - self.top


def straighten(boxes: Values) -> StraightBoxes:
    """Return boxes (n, 4) with the tilt of the shelves taken out."""
    x = (boxes[:, 0] + boxes[:, 2]) / 2
    centre = np.array([x.mean(), boxes[:, 3].mean()])
    extent = max(float(np.ptp(boxes[:, [1, 3]])), 1.0)
    slope, change = _agreed_slopes(boxes, x, centre[1], extent)
    away = x - centre[0]
    # Beyond the point where the lines meet there is nothing to be seen.
    shrink = np.maximum(1 + change / extent * away, 0.2)
    levels = centre[1] + (boxes[:, [1, 3]] - centre[1] - slope * away[:, None]) / shrink[:, None]
    return StraightBoxes(boxes[:, 0], boxes[:, 2], levels[:, 0], levels[:, 1])


def _agreed_slopes(boxes: Values, x: Values, middle: float, extent: float) -> tuple[float, float]:
    """Return the slope of a shelf at height `middle` and how much it changes over `extent`; 0 where few boxes tell."""
    first, second = _neighbours(boxes, x)
    if len(first) < _MIN_PAIRS:
        return 0.0, 0.0
    slopes = (boxes[second, 3] - boxes[first, 3]) / (x[second] - x[first])
    heights = ((boxes[first, 3] + boxes[second, 3]) / 2 - middle) / extent
    grid = np.stack(np.meshgrid(_SLOPES, _CHANGES), axis=-1).reshape(-1, 2)
    residuals = slopes - grid[:, :1] - grid[:, 1:] * heights
    # Of what is equally good the more level.
    scores = np.exp(-((residuals / _SPREAD) ** 2)).sum(1) - 0.2 * len(slopes) * np.abs(grid).sum(1)
    best = int(scores.argmax())
    agree = np.abs(residuals[best]) < 2 * _SPREAD
    if agree.sum() < _MIN_PAIRS:
        return 0.0, 0.0
    # A little weight on the grid's own answer, for heights that do not differ.
    system = np.column_stack([np.ones(agree.sum()), heights[agree]])
    normal = system.T @ system + 0.1 * np.eye(2)
    correction = np.linalg.solve(normal, system.T @ residuals[best][agree])
    slope, change = grid[best] + correction
    return float(slope), float(change)


def _neighbours(boxes: Values, x: Values) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return pairs of boxes (p,) that may stand side by side on one shelf, the left one first."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    order = np.argsort(x, kind="stable")
    firsts, seconds = [], []
    # Of a tall shelf, some dozens lie between a box and its right neighbour.
    for step in range(1, min(len(x), 60)):
        first, second = order[:-step], order[step:]
        apart = x[second] - x[first]
        reach = (width[first] + width[second]) / 2
        lift = np.abs(boxes[second, 3] - boxes[first, 3])
        beside = (apart > 0.6 * reach) & (apart < 5 * reach)
        level = lift < 0.35 * np.minimum(height[first], height[second]) + 0.15 * apart
        firsts.append(first[beside & level])
        seconds.append(second[beside & level])
    first, second = np.concatenate([*firsts, order[:0]]), np.concatenate([*seconds, order[:0]])
    chosen = np.linspace(0, len(first) - 1, min(len(first), _MAX_PAIRS)).astype(np.intp)
    return first[chosen], second[chosen]
