"""The dendrogram of an agglomeration, to be cut at any distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class MergeTree:
    """Merges in the order of their distances; several trees if merging ended early.

    Attributes:
        num_items: The number n of items; item i is node i.
        children: Shape (m, 2), the two nodes of each merge, the smaller first; merge i is node n + i, as in SciPy.
        distances: Shape (m,), ascending; distance of the two nodes.
        sizes: Shape (m,), items below the merge.
    """

    num_items: int
    children: NDArray[np.int64]
    distances: NDArray[np.float64]
    sizes: NDArray[np.int64]

    def labels(self, threshold: float) -> NDArray[np.int64]:
        """Return the groups (n,) of the merges up to and including the threshold; -1 for groups of one."""
        num_merges = int(np.searchsorted(self.distances, threshold, side="right"))
        num_nodes = self.num_items + num_merges
        above = np.arange(num_nodes)
        above[self.children[:num_merges].ravel()] = np.repeat(np.arange(self.num_items, num_nodes), 2)
        # Every node looks twice as far up each time, until all see the top of their tree.
        while not np.array_equal(above, farther := above[above]):
            above = farther
        _, groups = np.unique(above[: self.num_items], return_inverse=True)
        return np.where(np.bincount(groups, minlength=1)[groups] > 1, groups, -1)


def ordered_tree(
    num_items: int, children: NDArray[np.int64], distances: NDArray[np.float64], sizes: NDArray[np.int64]
) -> MergeTree:
    """Sort merges by distance and number the nodes anew; of equal distances the earlier merge stays first.

    Args:
        num_items: The number of items.
        children: Shape (m, 2); a merge comes after those that it builds on, and is not closer than they are.
        distances: Shape (m,).
        sizes: Shape (m,).
    """
    order = np.argsort(distances, kind="stable")
    number = np.arange(num_items + len(order))
    number[num_items + order] = num_items + np.arange(len(order))
    renumbered = np.sort(number[children[order]], axis=1).reshape(-1, 2)
    return MergeTree(num_items, renumbered, distances[order], sizes[order])


def merges_of_equals(inverse: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Chain the items of each set of equal ones.

    Args:
        inverse: Shape (n,), the set 0..u-1 of each item.

    Returns:
        Children (m, 2) and sizes (m,) of the merges, and the node of each whole set, shape (u,).
    """
    num_items = len(inverse)
    order = np.argsort(inverse, kind="stable")
    counts = np.bincount(inverse)
    rank = np.arange(num_items) - np.repeat(np.cumsum(counts) - counts, counts)
    later = np.flatnonzero(rank > 0)
    # The second item of a set merges with the first one, each further item with the merge before.
    partner = np.where(rank[later] == 1, order[later - 1], num_items + np.arange(len(later)) - 1)
    top = np.where(counts > 1, num_items + np.cumsum(counts - 1) - 1, order[np.cumsum(counts) - counts])
    return np.column_stack([order[later], partner]), rank[later] + 1, top
