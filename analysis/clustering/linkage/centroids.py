"""Groups of unit vectors that know their nearest group: the state of ``average_linkage``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.clustering.linkage.knn import knn_candidates
from analysis.clustering.linkage.self_knn import self_knn_candidates

SHORTLIST_LENGTH = 16
# Doubles that are gathered at a time.
BLOCK_ENTRIES = 2**20


class Centroids:
    """Groups as sums and sizes. A group is a slot; a merged group has the slot of the first of the two.

    Args:
        rows: Shape (n, d), unit vectors, all different; becomes the sums, so that there is no second copy.
        sizes: Shape (n,), how many items each row stands for.
    """

    def __init__(self, rows: NDArray[np.float64], sizes: NDArray[np.int64]) -> None:
        num_groups = len(rows)
        self.sizes = sizes.astype(np.int64)
        self.means = rows.astype(np.float32)
        self.sums = np.multiply(rows, sizes[:, None], out=rows)
        self.owner = np.arange(num_groups)
        self.is_open = np.ones(num_groups, dtype=bool)
        self.nearest = np.full(num_groups, -1, dtype=np.int64)
        self.similarity = np.full(num_groups, -np.inf)
        self.shortlists = np.full((num_groups, SHORTLIST_LENGTH), -1, dtype=np.int64)
        self.bound = np.full(num_groups, np.inf)
        # Neighbours in the input are often neighbours in space, and a shortlist needs its columns well mixed.
        self._mixed = np.random.default_rng(0).permutation(num_groups)

    def find_nearest(self, slots: NDArray[np.int64], floor: float) -> NDArray[np.int64]:
        """Find the nearest group of each of these groups, and close those with none as similar as the floor.

        Returns:
            The slots that were closed.
        """
        doubtful = self._search_shortlists(slots, floor)
        if doubtful.size:
            self._renew_shortlists(doubtful, floor)
            doubtful = self._search_shortlists(doubtful, floor)
        if doubtful.size:
            self._search_all(doubtful)
        gone = slots[self.similarity[slots] < floor]
        self.is_open[gone] = False
        return gone

    def mutual_pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the pairs of mutually nearest groups; none only if no group is left or one was just closed."""
        slots = np.flatnonzero(self.is_open)
        partner = self.nearest[slots]
        first = slots[(slots < partner) & self.is_open[partner] & (self.nearest[partner] == slots)]
        if first.size == 0 and slots.size and self.is_open[partner].all():
            # Rounding can send equally near groups round in a circle; the nearest two of all may always merge.
            best = slots[self.similarity[slots].argmax()]
            return np.minimum(best, self.nearest[[best]]), np.maximum(best, self.nearest[[best]])
        return first, self.nearest[first]

    def merge(self, first: NDArray[np.int64], second: NDArray[np.int64], gone: NDArray[np.int64]) -> NDArray[np.int64]:
        """Merge pairs of groups.

        Args:
            first: Slots that take in the second ones.
            second: Slots that are given up.
            gone: Slots that were closed before.

        Returns:
            The slots that have to look for their nearest anew.
        """
        self.bound[first] = np.average(
            [self.bound[first], self.bound[second]], axis=0, weights=[self.sizes[first], self.sizes[second]]
        )
        self.sums[first] += self.sums[second]
        self.sizes[first] += self.sizes[second]
        self.means[first] = self.sums[first] / self.sizes[first, None]
        redirect = np.arange(len(self.owner))
        redirect[second] = first
        self.owner = redirect[self.owner]
        self._join_shortlists(first, second)
        self.is_open[second] = False
        changed = np.zeros(len(self.owner), dtype=bool)
        changed[first] = changed[second] = changed[gone] = True
        slots = np.flatnonzero(self.is_open)
        return slots[changed[slots] | changed[self.nearest[slots]]]

    def _join_shortlists(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> None:
        """Keep the best of two shortlists; the bound rises to what is dropped."""
        step = max(1, BLOCK_ENTRIES // (2 * SHORTLIST_LENGTH * self.sums.shape[1]))
        for start in range(0, len(first), step):
            slots = first[start : start + step]
            listed = np.hstack([self.shortlists[slots], self.shortlists[second[start : start + step]]])
            listed, similarity = self._similarity_to(slots, listed)
            order = np.argsort(-similarity, axis=1, kind="stable")[:, : SHORTLIST_LENGTH + 1]
            best_dropped = np.take_along_axis(similarity, order[:, -1:], axis=1)[:, 0]
            self.bound[slots] = np.maximum(self.bound[slots], best_dropped)
            self.shortlists[slots] = np.take_along_axis(listed, order[:, :-1], axis=1)

    def _search_shortlists(self, slots: NDArray[np.int64], floor: float) -> NDArray[np.int64]:
        """Take the nearest group from the shortlists; return the slots where another group might be nearer."""
        step = max(1, BLOCK_ENTRIES // (SHORTLIST_LENGTH * self.sums.shape[1]))
        for start in range(0, len(slots), step):
            part = slots[start : start + step]
            listed, similarity = self._similarity_to(part, self.shortlists[part])
            self._take_best(part, listed, similarity)
            self.shortlists[part] = listed
        bound = self.bound[slots]
        return slots[(self.similarity[slots] <= bound) & (bound >= floor)]

    def _similarity_to(
        self, slots: NDArray[np.int64], listed: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the groups that the listed slots are in now, each once (else -1), and their similarity (else -inf)."""
        current = np.sort(np.where(listed < 0, -1, self.owner[listed]), axis=1)
        current[:, 1:][current[:, 1:] == current[:, :-1]] = -1
        current[(current == slots[:, None]) | ~self.is_open[current]] = -1
        total = np.einsum("sd,sld->sl", self.sums[slots], self.sums[current])
        similarity = total / (self.sizes[slots, None] * self.sizes[current])
        return current, np.where(current < 0, -np.inf, similarity)

    def _take_best(self, slots: NDArray[np.int64], others: NDArray[np.int64], similarity: NDArray[np.float64]) -> None:
        best = similarity.max(axis=1)
        # Of equally near groups the one whose slot differs in the lowest bits. Both sides see it alike, so ties pair
        # up at once instead of all pointing at the same group.
        tied = np.where(similarity == best[:, None], others ^ slots[:, None], np.iinfo(np.int64).max)
        choice = tied.argmin(axis=1)
        self.nearest[slots] = np.take_along_axis(others, choice[:, None], axis=1)[:, 0]
        self.similarity[slots] = best

    def _renew_shortlists(self, slots: NDArray[np.int64], floor: float) -> None:
        columns = self._mixed[self.is_open[self._mixed]]
        if len(slots) == len(columns):
            found, self.bound[columns] = self_knn_candidates(self.means[columns], SHORTLIST_LENGTH, floor)
            self.shortlists[columns] = np.where(found < 0, -1, columns[found])
            return
        place = np.empty(len(self.owner), dtype=np.int64)
        place[columns] = np.arange(len(columns))
        found, self.bound[slots] = knn_candidates(
            self.means[slots], self.means[columns], place[slots], SHORTLIST_LENGTH
        )
        self.shortlists[slots] = np.where(found < 0, -1, columns[found])

    def _search_all(self, slots: NDArray[np.int64]) -> None:
        """Compare with all groups in double precision: where single precision cannot tell the nearest from the next."""
        others = np.flatnonzero(self.is_open)
        step = max(1, BLOCK_ENTRIES // len(others))
        for start in range(0, len(slots), step):
            part = slots[start : start + step]
            similarity = self.sums[part] @ self.sums[others].T / (self.sizes[part, None] * self.sizes[others])
            similarity[part[:, None] == others] = -np.inf
            self._take_best(part, np.broadcast_to(others, similarity.shape), similarity)
