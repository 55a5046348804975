"""COBRAS, after the paper: super-instances of k-means that are split and merged by questions.

References:
    Van Craenendonck, Dumancic, Van Wolputte and Blockeel, COBRAS: interactive clustering with pairwise queries, 2018.
"""

from __future__ import annotations

from collections.abc import Generator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from analysis.clustering.distance import normalize_rows
from scripts.benchmarks.reviewing.asking import Asked, AskedPhoto, Asking

Items = NDArray[np.int64]


def cobras(photo: AskedPhoto, generator: np.random.Generator) -> Asking:
    """Ask as COBRAS does; its grouping is that of the first split, then of each complete round of merging."""
    return (yield from _Cobras(photo, generator).ask())


class _Cobras:
    def __init__(self, photo: AskedPhoto, generator: np.random.Generator) -> None:
        self.rows = normalize_rows(photo.rows.astype(np.float64))
        self.generator = generator
        self.known: dict[tuple[int, int], bool] = {}
        self.groups = np.zeros(len(self.rows), dtype=np.int64)
        self.clusters: list[list[Items]] = []
        self.whole: set[bytes] = set()

    def ask(self) -> Asking:
        """Split the largest super-instance and merge again, until nothing can be split."""
        everything = np.arange(len(self.rows))
        number = yield from self._split_level(everything)
        self.clusters = [[part] for part in self._split(everything, number)]
        self._label()
        yield from self._merge()
        while chosen := self._largest():
            cluster, part = chosen
            number = yield from self._split_level(part)
            pieces = self._split(part, number)
            if len(pieces) < 2:
                self.whole.add(part.tobytes())
                continue
            self.clusters[cluster] = [other for other in self.clusters[cluster] if other is not part]
            self.clusters = [parts for parts in self.clusters if parts] + [[piece] for piece in pieces]
            yield from self._merge()
        return self.groups

    def _query(self, first: int, second: int) -> Generator[Asked, bool, bool]:
        pair = (min(first, second), max(first, second))
        if pair not in self.known:
            self.known[pair] = yield (*pair, self.groups)
        return self.known[pair]

    def _split_level(self, part: Items) -> Generator[Asked, bool, int]:
        """Halve a part until the medoids of both halves are one product; return into how many parts to split."""
        level = 0
        while len(part) > 1:
            halves = self._split(part, 2)
            if len(halves) < 2 or (yield from self._query(*map(self._medoid, halves))):
                break
            level += 1
            part = min(halves, key=len) if min(map(len, halves)) > 1 else max(halves, key=len)
        return int(2 ** max(level, 1))

    def _split(self, part: Items, number: int) -> list[Items]:
        number = min(number, len(np.unique(self.rows[part], axis=0)))
        if number < 2:
            return [part]
        found = KMeans(number, n_init=1, random_state=int(self.generator.integers(2**31))).fit_predict(self.rows[part])
        return [part[found == label] for label in np.unique(found)]

    def _merge(self) -> Generator[Asked, bool, None]:
        """Ask about the two nearest clusters that are not known to differ, until all are."""
        while pair := self._nearest():
            one, two, first, second = pair
            if (yield from self._query(first, second)):
                self.clusters[one] += self.clusters.pop(two)
        self._label()

    def _label(self) -> None:
        self.groups = np.zeros_like(self.groups)
        for label, parts in enumerate(self.clusters):
            self.groups[np.concatenate(parts)] = label

    def _nearest(self) -> tuple[int, int, int, int] | None:
        found = []
        for one, two in combinations(range(len(self.clusters)), 2):
            pairs = [
                (float(np.linalg.norm(self._centre(a) - self._centre(b))), self._medoid(a), self._medoid(b))
                for a in self.clusters[one]
                for b in self.clusters[two]
            ]
            answers = [self.known.get((min(a, b), max(a, b))) for _, a, b in pairs]
            if False not in answers:
                found.append((*min(pairs), one, two))
        return None if not found else (min(found)[3], min(found)[4], min(found)[1], min(found)[2])

    def _largest(self) -> tuple[int, Items] | None:
        parts = [(cluster, part) for cluster, parts in enumerate(self.clusters) for part in parts]
        parts = [(cluster, part) for cluster, part in parts if len(part) > 1 and part.tobytes() not in self.whole]
        return max(parts, key=lambda item: len(item[1]), default=None)

    def _centre(self, part: Items) -> NDArray[np.float64]:
        return np.asarray(self.rows[part].mean(axis=0))

    def _medoid(self, part: Items) -> int:
        return int(part[np.linalg.norm(self.rows[part] - self._centre(part), axis=1).argmin()])
