"""What all answers together say: which detections show one product, and which show different ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from analysis.review.answers import Answer, highest_item
from analysis.review.names import Names
from analysis.review.parts import Parts


@dataclass(frozen=True)
class Contradiction:
    """An answer of which something was not kept, because later answers say otherwise.

    Attributes:
        answer: Its place in the list of answers.
        items: The two detections that it was wrong about, as later answers have it.
        reason: What the later answers say of them, in words.
    """

    answer: int
    items: tuple[int, int]
    reason: str


@dataclass(frozen=True, eq=False)
class Settled:
    """The answers, closed and without contradictions.

    Attributes:
        parts: Shape (n,), for each detection the lowest of those that are known to show its product.
        apart: Shape (m, 2), the lowest detections of two parts that show different products; each pair once, ascending.
        skipped: Shape (k, 2), pairs of detections that are not to be asked about.
        names: Name of each named part, by its lowest detection.
        contradictions: What was not kept, the earliest answer first.
    """

    parts: NDArray[np.int64]
    apart: NDArray[np.int64]
    skipped: NDArray[np.int64]
    names: dict[int, str]
    contradictions: tuple[Contradiction, ...]


def settle(answers: Sequence[Answer], num_items: int) -> Settled:
    """Return what the answers say together.

    Answers are taken from the last to the first, and of each that is kept which does not contradict what was taken
    before: the later answer wins, and of a statement about many detections only what is contradicted is lost. Without
    contradictions the order of the answers does not matter.

    Args:
        answers: In the order in which they were given.
        num_items: Number n of detections.

    Raises:
        ValueError: If an answer is about a detection that does not exist.
    """
    if highest_item(answers) >= num_items:
        raise ValueError(f"an answer is about detection {highest_item(answers)} of {num_items}, numbered from 0")
    parts, names = Parts(num_items), Names()
    lost: list[Contradiction] = []
    corrected: set[tuple[int, ...]] = set()
    for place, answer in reversed(list(enumerate(answers))):
        # Who answers the same question again corrects the answer.
        if (pair := tuple(sorted(answer.pair))) in corrected:
            continue
        corrected |= {pair} if pair else set()
        lost += [Contradiction(place, *refused) for refused in _take(answer, parts, names)]
    return Settled(
        parts.lowest(),
        parts.apart(),
        _skipped(answers),
        names.by_part(parts),
        tuple(sorted(lost, key=lambda item: (item.answer, item.items))),
    )


def _take(answer: Answer, parts: Parts, names: Names) -> Iterator[tuple[tuple[int, int], str]]:
    """Keep what an answer says; yield the pairs of detections that it is not kept about, and why."""
    if answer.says == "different":
        for pair in product(answer.items, answer.others):
            if not parts.separate(*pair):
                yield pair, "later answers say that they show one product"
    elif answer.says in ("same", "name"):
        first, *refused = parts.join_all(answer.items)
        for block in refused:
            yield (first[0], block[0]), "later answers say that they show different products"
        if answer.says == "name":
            yield from names.take(answer.name, tuple(first), parts)


def _skipped(answers: Sequence[Answer]) -> NDArray[np.int64]:
    pairs = {pair for answer in answers if answer.says == "skip" for pair in product(answer.items, answer.others)}
    return np.array(sorted({(min(pair), max(pair)) for pair in pairs}), dtype=np.int64).reshape(-1, 2)
