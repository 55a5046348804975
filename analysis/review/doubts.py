"""Which answer is most likely a slip: a person presses the wrong key now and then, and a wrong "same" costs most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.clustering.linkage.merge_tree import MergeTree
from analysis.review.answers import Answer
from analysis.review.candidates import Items
from analysis.review.odds import Odds, rounded_chance
from analysis.review.settled import Settled


@dataclass(frozen=True)
class Doubt:
    """An answer that may be wrong.

    Attributes:
        items: The two detections that it was about.
        sides: Detections that stand or fall with it: those that merged before it joined or parted them.
        probability: How likely they are one product, with all answers about these two.
        gain: How many pairs are expected to be wrong by it.
    """

    items: tuple[int, int]
    sides: tuple[Items, Items]
    probability: float
    gain: float


def most_doubtful(
    distance: NDArray[np.float64],
    answers: Sequence[Answer],
    known: Settled,
    tree: MergeTree,
    odds: Odds,
    threshold: float,
    slips: float,
) -> Doubt | None:
    """Return the answer by which most pairs are expected to be wrong, the lowest detections first of equal ones.

    Args:
        distance: Shape (n, n).
        answers: What was said.
        known: The same, closed. What was skipped is not asked again.
        tree: The merges of the grouping.
        odds: How likely two groups are one product.
        threshold: Distance at which grouping ends.
        slips: Share of the answers that are assumed to be wrong, above 0.

    Returns:
        None if there is no answer about two detections.
    """
    evidence = math.log((1 - slips) / slips)
    net = Counter[tuple[int, ...]]()
    for answer in answers:
        if answer.pair:
            net[tuple(sorted(answer.pair))] += 1 if answer.says == "same" else -1
    above = {int(child): tree.num_items + merge for merge, pair in enumerate(tree.children) for child in pair}
    doubts = []
    skipped = set(map(tuple, known.skipped.tolist()))
    for (first, second), count in sorted(net.items()):
        if (first, second) in skipped:
            continue
        one, two = (_items_below(tree, node) for node in _last_apart(above, first, second))
        prior = odds.probability(distance[np.ix_(one, two)].mean(keepdims=True), threshold).item()
        exponent = math.log(prior + 1e-9) - math.log(1 - prior + 1e-9) + count * evidence
        chance = float(rounded_chance(np.array(1 / (1 + math.exp(-exponent)))))
        wrong = 1 - chance if known.parts[first] == known.parts[second] else chance
        doubts.append(Doubt((first, second), (one, two), chance, wrong * len(one) * len(two)))
    return max(doubts, key=lambda doubt: doubt.gain, default=None)


def _last_apart(above: dict[int, int], first: int, second: int) -> tuple[int, int]:
    """Return the highest nodes of a tree that hold one of two items and not the other."""
    path = [first]
    while path[-1] in above:
        path.append(above[path[-1]])
    while second in above and above[second] not in path:
        second = above[second]
    if second in above:
        return path[path.index(above[second]) - 1], second
    return path[-1], second


def _items_below(tree: MergeTree, node: int) -> Items:
    found, waiting = [], [node]
    while waiting:
        node = waiting.pop()
        if node < tree.num_items:
            found.append(node)
        else:
            waiting += tree.children[node - tree.num_items].tolist()
    return np.array(sorted(found))
