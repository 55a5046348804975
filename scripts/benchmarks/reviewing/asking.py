"""A photo that is asked about, and the protocol of those who ask."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from analysis.clustering.distance import pairwise_distance
from analysis.measures.per_photo import PhotoMeasures, measure_photo

# The two items of the next question, and the grouping so far.
Asked = tuple[int, int, NDArray[np.int64]]
# Asks, is sent whether the two are one product, and asks again; returns the grouping when it has no question left.
Asking = Generator[Asked, bool, NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class AskedPhoto:
    """A photo, or all photos of a store together, whose true products answer the questions.

    Attributes:
        run: Name of the checkpoint that embedded it.
        name: The photo's name.
        source: Where it is from.
        rows: Embeddings, shape (n, d).
        products: Shape (n,), true product of each detection.
        seen: Shape (n,), whether the checkpoint was trained on the product; None where this is not known.
        threshold: The checkpoint's distance threshold.
        metric: How embeddings are compared.
    """

    run: str
    name: str
    source: str
    rows: NDArray[np.float32]
    products: NDArray[np.int64]
    seen: NDArray[np.bool_] | None
    threshold: float
    metric: str

    @cached_property
    def distance(self) -> NDArray[np.float64]:
        """Distance of every pair, shape (n, n)."""
        return pairwise_distance(self.rows, self.metric)


Method = Callable[[AskedPhoto, np.random.Generator], Asking]


def answer_questions(
    photo: AskedPhoto, method: Method, marks: tuple[int, ...], seed: int, wrong: float
) -> list[PhotoMeasures]:
    """Answer a method's questions from the true products, and measure the grouping after some of them.

    Args:
        photo: The photo.
        method: Who asks.
        marks: Numbers of answers after which is measured, ascending.
        seed: Seed of the method and of the wrong answers.
        wrong: Share of the answers that are wrong.

    Returns:
        Measures at each mark; a method that has no question left keeps its grouping.
    """
    # Other answers are wrong in each photo, and the same ones for every method.
    lies = np.random.default_rng([seed, 1, crc32(photo.name.encode())])
    asking = method(photo, np.random.default_rng([seed, 0]))
    measured: dict[int, PhotoMeasures] = {}
    groups: NDArray[np.int64] | None = None
    is_same: bool | None = None
    for count in range(marks[-1] + 1):
        try:
            first, second, groups = next(asking) if is_same is None else asking.send(is_same)
        except StopIteration as ended:
            measured |= {mark: _measures(photo, ended.value) for mark in marks if mark >= count}
            break
        if count in marks:
            measured[count] = _measures(photo, groups)
        is_same = bool(photo.products[first] == photo.products[second]) != (lies.random() < wrong)
    return [measured[mark] for mark in marks]


def _measures(photo: AskedPhoto, groups: NDArray[np.int64]) -> PhotoMeasures:
    return measure_photo(photo.products, groups, photo.seen, photo.source)
