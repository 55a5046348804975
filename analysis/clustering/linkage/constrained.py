"""Average linkage under what is known: items that are one product, and items that are not.

Groups merge as in plain average linkage, the closest first, but never two that are known to be apart. What is known to
be one product is joined *last*: "these two are the same" is said of two groups, of which two items are shown. Were the
two items merged first, they would be a pair between two groups, nearer to neither, and the groups would stay apart.
Until then a part decides what its groups may merge with: what is apart from one of them is apart from all.

Distances are rounded to multiples of ``RESOLUTION``. Sums of them are then exact in double precision in any order
of the additions, and each mean is one division, so that every implementation, in any language, finds the same groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.clustering.linkage.merge_tree import MergeTree, ordered_tree

# A power of two: 4096 items at distances up to 128 add up without rounding.
RESOLUTION = 2.0**-24


@dataclass(frozen=True, eq=False)
class ConstrainedGroups:
    """The groups, and how they came to be.

    Attributes:
        tree: The merges by distance, without the joins that end it.
        groups: Shape (n,), the lowest item of each item's group.
        mean_distance: Shape (n, n), between the groups of two lowest items; other rows and columns mean nothing.
        apart: Shape (n, n), whether the groups of two lowest items are known to be apart.
    """

    tree: MergeTree
    groups: NDArray[np.int64]
    mean_distance: NDArray[np.float64]
    apart: NDArray[np.bool_]


def constrained_groups(
    distance: NDArray[np.float64], parts: NDArray[np.int64], apart: NDArray[np.int64], threshold: float
) -> ConstrainedGroups:
    """Merge the two groups of least mean distance until all that may merge are farther apart than a threshold.

    Of equal distances the pair with the lowest item goes first, then that with the lowest item of the other group.

    Args:
        distance: Shape (n, n), symmetric, not negative.
        parts: Shape (n,), for each item the lowest of those that are known to be one with it.
        apart: Shape (m, 2), pairs of items whose parts are known to be apart.
        threshold: Largest mean distance at which two groups merge.

    Returns:
        Without parts and pairs the groups of plain average linkage.
    """
    merging = _Merging(rounded(distance), parts, apart)
    while merging.merge_closest(threshold):
        pass
    return merging.finish()


def rounded(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return distances of which any sums are exact, see the top of this file; a new array."""
    return np.rint(distance / RESOLUTION) * RESOLUTION


class _Merging:
    """The state of an agglomeration; a group is called by its lowest item, a part by any of its items."""

    def __init__(self, distance: NDArray[np.float64], parts: NDArray[np.int64], apart: NDArray[np.int64]) -> None:
        self.num_items = len(distance)
        self.sums, self.sizes = distance, np.ones(self.num_items)
        self.groups, self.part = np.arange(self.num_items), parts.copy()
        self.node = np.arange(self.num_items)
        self.merges: list[tuple[int, int, float, float]] = []
        self.apart = np.zeros(distance.shape, dtype=bool)
        self.apart[parts[apart[:, 0]], parts[apart[:, 1]]] = True
        self.apart |= self.apart.T
        # What may not merge is infinitely far. Row minima are kept, as few rows change in a merge.
        self.mean = np.where(self.apart[np.ix_(parts, parts)], np.inf, distance)
        np.fill_diagonal(self.mean, np.inf)
        self.nearest = self.mean.argmin(axis=1) if self.num_items else np.empty(0, dtype=np.int64)
        self.least = self.mean.min(axis=1, initial=np.inf)

    def merge_closest(self, threshold: float) -> bool:
        """Merge two groups; return whether there were two to merge."""
        if self.num_items < 2:
            return False
        one = int(self.least.argmin())
        two, height = int(self.nearest[one]), float(self.least[one])
        if height > threshold or np.isinf(height):
            return False
        self._merge(one, two, height)
        self._merge_parts(self.part[one], self.part[two])
        self._find_nearest(one)
        return True

    def finish(self) -> ConstrainedGroups:
        """Join the groups of each part, and return everything."""
        for part in np.unique(self.part):
            kept, *others = np.unique(self.groups[self.part == part])
            for group in others:
                self._add(kept, group)
        merges = np.array(self.merges).reshape(-1, 4)
        tree = ordered_tree(self.num_items, merges[:, :2].astype(int), merges[:, 2], merges[:, 3].astype(int))
        mean = self.sums / np.outer(self.sizes, self.sizes)
        return ConstrainedGroups(tree, self.groups, mean, self.apart[np.ix_(self.part, self.part)])

    def _merge(self, one: int, two: int, height: float) -> None:
        self._add(one, two)
        self.merges.append((self.node[one], self.node[two], height, self.sizes[one]))
        self.node[one] = self.num_items + len(self.merges) - 1
        mean = self.sums[one] / (self.sizes[one] * self.sizes)
        # What was infinitely far from one of the two still is.
        mean[np.isinf(self.mean[one]) | np.isinf(self.mean[two])] = np.inf
        self.mean[one] = self.mean[:, one] = mean
        self.mean[two] = self.mean[:, two] = np.inf

    def _add(self, one: int, two: int) -> None:
        self.sums[one] += self.sums[two]
        self.sums[:, one] = self.sums[one]
        self.sizes[one] += self.sizes[two]
        self.groups[self.groups == two] = one

    def _merge_parts(self, one: int, two: int) -> None:
        """Make the parts of two groups that have merged one; what is apart from either is apart from both."""
        if one == two:
            return
        self.part[self.part == two] = one
        self.apart[one] |= self.apart[two]
        self.apart[:, one] = self.apart[one]
        if self.apart[one].any():
            inside = self.part == one
            self.mean[np.ix_(inside, self.apart[one, self.part])] = np.inf
            self.mean[np.ix_(self.apart[one, self.part], inside)] = np.inf

    def _find_nearest(self, merged: int) -> None:
        """Find the nearest anew for the merged group and for those whose nearest is no longer what it was."""
        rows = np.arange(self.num_items)
        closer = (self.mean[:, merged] < self.least) | (self.mean[:, merged] == self.least) & (merged < self.nearest)
        stale = closer | (self.mean[rows, self.nearest] != self.least)
        stale[merged] = True
        self.nearest[stale] = self.mean[stale].argmin(axis=1)
        self.least[stale] = self.mean[stale, self.nearest[stale]]
