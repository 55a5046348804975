"""A3S, after the paper's description: merging by the expected gain in mutual information, after a test of purity.

The paper starts from a clustering of its own kind; here it starts from this project's groups, on the same distances.

References:
    Deng, Liu, Zhong, Feng, Shen, He, Ye and Wang, A3S: a general active clustering method with pairwise constraints,
    2024, arXiv:2407.10196.
"""

from __future__ import annotations

from collections.abc import Generator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analysis.labels import rows_by_label
from analysis.review.answers import Answer
from analysis.review.questions import medoid, review
from scripts.benchmarks.reviewing.asking import Asked, AskedPhoto, Asking

Items = NDArray[np.int64]


def a3s(photo: AskedPhoto, generator: np.random.Generator) -> Asking:
    """Ask whether the likeliest and largest two groups are one, of groups that are each tested for one product."""
    return (yield from _A3S(photo).ask())


class _A3S:
    def __init__(self, photo: AskedPhoto) -> None:
        self.photo = photo
        self.answers: list[Answer] = []
        self.pure: set[tuple[int, ...]] = set()
        self.groups = self._group()

    def ask(self) -> Asking:
        """Test the two groups of the best merge, then ask about it, until no merge is left."""
        while pair := self._best_merge():
            is_pure = True
            for group in pair:
                is_pure = is_pure and (yield from self._is_pure(group))
            if is_pure:
                yield from self._query(medoid(self.photo.distance, pair[0]), medoid(self.photo.distance, pair[1]))
                # What is one product with a pure group is as pure.
                self.pure |= {
                    tuple(part) for part in rows_by_label(self.groups) if len(part) > 1 and pair[0][0] in part
                }
        return self.groups

    def _is_pure(self, group: Items) -> Generator[Asked, bool, bool]:
        """Ask whether the two members that are farthest apart are one product; if not, the group is torn apart."""
        if len(group) == 1 or tuple(group) in self.pure:
            return True
        within = self.photo.distance[np.ix_(group, group)]
        first, second = np.unravel_index(within.argmax(), within.shape)
        if first == second or (yield from self._query(int(group[first]), int(group[second]))):
            self.pure.add(tuple(group))
            return True
        return False

    def _query(self, first: int, second: int) -> Generator[Asked, bool, bool]:
        is_same = yield first, second, self.groups
        said = Answer("same", (first, second)) if is_same else Answer("different", (first,), (second,))
        self.answers.append(said)
        self.groups = self._group()
        return is_same

    def _best_merge(self) -> tuple[Items, Items] | None:
        """Return the two groups whose merge promises most: how likely it is right, times what the entropy falls by."""
        parts = rows_by_label(self.groups)
        found = review(self.photo.distance, self.answers, self.photo.threshold).found
        best, most = None, 0.0
        for one, two in combinations(parts, 2):
            if found.apart[one[0], two[0]]:
                continue
            mean = found.mean_distance[one[0], two[0]]
            # The likelihood of one product: one half at the threshold, as the paper's is calibrated to be.
            chance = 1 / (1 + np.exp(8 * (mean / self.photo.threshold - 1)))
            sizes = np.array([len(one), len(two)])
            gain = chance * (sizes * np.log(sizes.sum() / sizes)).sum()
            if gain > most:
                best, most = (one, two), gain
        return best

    def _group(self) -> Items:
        return review(self.photo.distance, self.answers, self.photo.threshold).found.groups
