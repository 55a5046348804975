"""All questions that can be asked about a grouping: pairs of groups, and the merges inside of groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.clustering.linkage.constrained import ConstrainedGroups
from analysis.labels import rows_by_label
from analysis.review.settled import Settled

Items = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Candidates:
    """Two sides each, of which may be asked whether they show one product.

    Attributes:
        groups: The groups, by their lowest detections.
        between: Shape (k, 2), two groups of each of the first candidates.
        inside: Both sides of each of the other candidates.
        mean: Shape (m,), mean distance between the sides.
        num_pairs: Shape (m,), product of the sides' sizes.
    """

    groups: list[Items]
    between: NDArray[np.int64]
    inside: list[tuple[Items, Items]]
    mean: NDArray[np.float64]
    num_pairs: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.mean)

    @property
    def joined(self) -> NDArray[np.bool_]:
        """Whether the sides of each candidate are in one group now, shape (m,)."""
        return np.arange(len(self)) >= len(self.between)

    def sides(self, index: int) -> tuple[Items, Items]:
        """Return the detections of both sides of a candidate, ascending, the side of the lowest one first."""
        if index >= len(self.between):
            return self.inside[index - len(self.between)]
        one, two = self.between[index]
        return self.groups[one], self.groups[two]


def find_candidates(known: Settled, found: ConstrainedGroups) -> Candidates:
    """Return all pairs of groups that are not known to be apart, and all merges that no answer has confirmed.

    Skipped pairs are left out. Pairs of groups come first, by their lowest detections, then merges by their distances.
    """
    groups = rows_by_label(found.groups)
    tops = np.array([group[0] for group in groups], dtype=np.int64)
    closed = (found.apart | _skipped_groups(known.skipped, found.groups))[np.ix_(tops, tops)]
    between = np.argwhere(np.triu(~closed, k=1))
    inside, heights = _merges(known, found)
    sizes = np.array([len(group) for group in groups], dtype=float)
    return Candidates(
        groups,
        between,
        inside,
        np.concatenate([found.mean_distance[tops[between[:, 0]], tops[between[:, 1]]], heights]),
        np.concatenate([sizes[between].prod(axis=1), [float(len(one) * len(two)) for one, two in inside]]),
    )


def _merges(known: Settled, found: ConstrainedGroups) -> tuple[list[tuple[Items, Items]], NDArray[np.float64]]:
    """Return both sides and the distance of each merge of the tree that no answer spans."""
    tree = found.tree
    members = [np.array([item]) for item in range(tree.num_items)]
    sides, heights = [], []
    for (left, right), height in zip(tree.children, tree.distances, strict=True):
        one, two = members[left], members[right]
        members.append(np.concatenate([one, two]))
        if not (_share(known.parts[one], known.parts[two]) or _is_skipped(known.skipped, one, two)):
            pair = np.sort(one), np.sort(two)
            sides.append(pair if pair[0][0] < pair[1][0] else pair[::-1])
            heights.append(height)
    return sides, np.array(heights)


def _share(one: Items, two: Items) -> bool:
    return not set(one.tolist()).isdisjoint(two.tolist())


def _skipped_groups(skipped: NDArray[np.int64], groups: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return between which groups, by their lowest items, a pair was skipped, shape (n, n)."""
    marked = np.zeros((len(groups), len(groups)), dtype=bool)
    marked[groups[skipped[:, 0]], groups[skipped[:, 1]]] = True
    return marked | marked.T


def _is_skipped(skipped: NDArray[np.int64], one: Items, two: Items) -> bool:
    if not len(skipped):
        return False
    first, second = (np.isin(skipped, side) for side in (one, two))
    return bool((first & second[:, ::-1]).any())
