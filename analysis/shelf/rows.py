"""The rows of a shelf: which boxes stand on one board, and which stand on other boxes.

Products of one board share their base line, whatever their heights; what hangs on one bar shares its top line. Boxes
that stand on others belong to the row of those.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.shelf.straight import StraightBoxes, Values, straighten

Pairs = NDArray[np.intp]
# Bases of one board differ by at most this much of the mean height of two boxes: some stand farther back.
BASE_TOLERANCE = 0.3
# Tops on one bar, and how far apart two hanging boxes may be, in mean widths.
_TOP_TOLERANCE, _HANGING_REACH, _HANGING_COST = 0.06, 1.0, 2
# What stands on another box begins at most this far above it, or below its top, in heights of the lower of the two.
_GAP_ABOVE, _SUNK = 0.12, 0.6
# Two boxes are one above the other when they share this part of the narrower one's width.
_ABOVE = 0.4
# Rows with their boxes between each other's are one, pushed back here and there, up to this much of the mean height.
_PUSHED_BACK = 0.75
# A row ends where nothing stands for this many widths.
_REACH = 25
# Links of a box to its right that are looked at.
_MAX_LINKS = 6
# Boxes side by side with at most this gap, in mean widths, stand on the same thing.
_RUN_GAP = 0.6


@dataclass(frozen=True)
class Rows:
    """The rows of a photo.

    Attributes:
        row: Row of each box (n,), from 1 at the top of the photo.
        below: The box that each one stands on (n,), -1 for what stands on the shelf or hangs.
    """

    row: NDArray[np.int64]
    below: NDArray[np.int64]


def find_rows(boxes: ArrayLike) -> Rows:
    """Find the rows that boxes stand in; the photo may be tilted.

    Args:
        boxes: Shape (n, 4), x1 y1 x2 y2 in pixels.
    """
    given = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    if len(given) == 0:
        return Rows(np.empty(0, np.int64), np.empty(0, np.int64))
    straight = straighten(given)
    pairs = _pairs_of_columns(straight)
    beside, cost, gap = _links(straight, pairs)
    # Tops at one height say nothing of what is beneath: a stack may be as high as its neighbour.
    below = _supports(straight, pairs, beside[(gap <= _RUN_GAP) & (cost < _HANGING_COST)])
    standing = (below[beside] < 0).all(axis=1)
    links = beside[standing][np.argsort(cost[standing], kind="stable")]
    above = pairs[_one_above(straight, pairs)]
    apart = above[(below[above] < 0).all(axis=1)]
    parts = _joined(links, apart, len(given))
    pushed_back = _pushed_back(straight, pairs[(below[pairs] < 0).all(axis=1)], parts)
    parts = _joined(np.concatenate([links, pushed_back]), apart, len(given))
    # From the top of a stack down to what stands on the shelf; nothing stands on itself, as bases only grow.
    foot = np.arange(len(given))
    while (below[foot] >= 0).any():
        foot = np.where(below[foot] >= 0, below[foot], foot)
    return Rows(_numbered(parts[foot], straight), below)


def _pairs_of_columns(straight: StraightBoxes) -> Pairs:
    """Return index pairs (p, 2) of boxes that could share a row or stand on each other: the upper base first."""
    order = np.argsort(straight.base, kind="stable")
    base = straight.base[order]
    # Beyond its own height and the tolerance a box touches nothing below. One huge box shall not make all boxes pairs.
    tallest = min(float(straight.height.max()), 3 * float(np.median(straight.height)))
    ends = np.searchsorted(base, base + (1 + BASE_TOLERANCE) * tallest, side="right")
    counts = ends - np.arange(len(base)) - 1
    first = np.repeat(np.arange(len(base)), counts)
    second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
    upper, lower = order[first], order[second]
    middle = (straight.left + straight.right) / 2
    near = np.abs(middle[upper] - middle[lower]) <= _REACH / 2 * (straight.width[upper] + straight.width[lower])
    return np.column_stack([upper[near], lower[near]])


def _links(straight: StraightBoxes, pairs: Pairs) -> tuple[Pairs, Values, Values]:
    """Return the pairs that may share a board or a bar, how badly they fit, and the gaps in mean widths."""
    first, second = pairs.T
    height = (straight.height[first] + straight.height[second]) / 2
    width = (straight.width[first] + straight.width[second]) / 2
    gap = -_shared(straight, pairs) / width
    base = (straight.base[second] - straight.base[first]) / (BASE_TOLERANCE * height)
    top = np.abs(straight.top[second] - straight.top[first]) / (_TOP_TOLERANCE * height)
    hangs = (top <= 1) & (gap <= _HANGING_REACH) & (base > 1)
    cost = np.where(hangs, _HANGING_COST + top, base) + np.maximum(gap, 0) / 8
    chosen = np.flatnonzero((hangs | (base <= 1)) & (gap > -_ABOVE))
    chosen = chosen[_is_among_best(straight, pairs[chosen], cost[chosen])]
    return pairs[chosen], cost[chosen], gap[chosen]


def _is_among_best(straight: StraightBoxes, pairs: Pairs, cost: Values) -> NDArray[np.bool_]:
    """Return which pairs are among the few best to the right of their left box; in a long row all pairs would fit."""
    flipped = straight.left[pairs[:, 0]] > straight.left[pairs[:, 1]]
    left = np.where(flipped, pairs[:, 1], pairs[:, 0])
    order = np.lexsort((cost, left))
    starts = np.searchsorted(left[order], left[order])
    best = np.empty(len(pairs), dtype=bool)
    best[order] = np.arange(len(pairs)) - starts < _MAX_LINKS
    return best


def _shared(straight: StraightBoxes, pairs: Pairs) -> Values:
    """Return the width that both boxes of each pair cover, negative for a gap between them."""
    first, second = pairs.T
    ends = np.minimum(straight.right[first], straight.right[second])
    return np.asarray(ends - np.maximum(straight.left[first], straight.left[second]))


def _one_above(straight: StraightBoxes, pairs: Pairs) -> NDArray[np.bool_]:
    """Return which pairs lie one above the other and not on one base."""
    first, second = pairs.T
    narrow = np.minimum(straight.width[first], straight.width[second])
    height = (straight.height[first] + straight.height[second]) / 2
    lifted = straight.base[second] - straight.base[first] > BASE_TOLERANCE * height
    return np.asarray(lifted & (_shared(straight, pairs) >= _ABOVE * narrow))


def _supports(straight: StraightBoxes, pairs: Pairs, neighbours: Pairs) -> NDArray[np.int64]:
    """Return what each box stands on (n,); of boxes side by side most must stand on others, or none does."""
    first, second = pairs.T
    low = np.minimum(straight.height[first], straight.height[second])
    gap = (straight.top[second] - straight.base[first]) / low
    touching = pairs[_one_above(straight, pairs) & (gap <= _GAP_ABOVE) & (gap >= -_SUNK)]
    below = np.full(len(straight.base), -1, dtype=np.int64)
    widest = np.argsort(_shared(straight, touching), kind="stable")
    below[touching[widest, 0]] = touching[widest, 1]
    runs = _joined(neighbours, neighbours[:0], len(below))
    stacked = np.bincount(runs, below >= 0) / np.maximum(np.bincount(runs), 1)
    below[stacked[runs] < 0.5] = -1
    return below


def _pushed_back(straight: StraightBoxes, pairs: Pairs, parts: NDArray[np.int64]) -> Pairs:
    """Return the pairs of boxes from two rows of which one stands between the boxes of the other, only farther back."""
    first, second = pairs.T
    height = (straight.height[first] + straight.height[second]) / 2
    near = straight.base[second] - straight.base[first] <= _PUSHED_BACK * height
    left, right = np.full(len(parts), np.inf), np.full(len(parts), -np.inf)
    np.minimum.at(left, parts, straight.left)
    np.maximum.at(right, parts, straight.right)
    one, two = parts[first], parts[second]
    shared = np.minimum(right[one], right[two]) - np.maximum(left[one], left[two])
    between = shared >= 0.5 * np.minimum(right[one] - left[one], right[two] - left[two])
    chosen = pairs[near & between & (one != two)]
    return np.asarray(chosen[_is_among_best(straight, chosen, np.abs(_shared(straight, chosen)))])


def _joined(links: Pairs, apart: Pairs, count: int) -> NDArray[np.int64]:
    """Join boxes by links, the best first, but never two rows that have boxes above each other.

    Args:
        links: Shape (p, 2), best first.
        apart: Shape (q, 2), boxes that are in two rows.
        count: How many boxes there are.

    Returns:
        Shape (n,), the part of each box.
    """
    part = list(range(count))
    members = [[item] for item in part]
    others: list[set[int]] = [set() for _ in part]
    for first, second in apart.tolist():
        others[first].add(second)
        others[second].add(first)
    for first, second in links.tolist():
        one, two = part[first], part[second]
        if one == two or two in others[one]:
            continue
        if len(members[one]) < len(members[two]):
            one, two = two, one
        for item in members[two]:
            part[item] = one
        members[one] += members[two]
        for other in others[two]:
            others[other].discard(two)
            others[other].add(one)
        others[one] |= others[two]
    return np.asarray(part, dtype=np.int64)


def _numbered(parts: NDArray[np.int64], straight: StraightBoxes) -> NDArray[np.int64]:
    """Number the rows from 1 at the top of the photo, and from the left where boards are at one height."""
    _, row = np.unique(parts, return_inverse=True)
    count = np.bincount(row)
    base, left = np.bincount(row, straight.base) / count, np.bincount(row, straight.left) / count
    number = np.empty(len(count), dtype=np.int64)
    number[np.lexsort((left, base))] = np.arange(1, len(count) + 1)
    return number[row]
