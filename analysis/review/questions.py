"""Which question to ask next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.clustering.linkage.constrained import ConstrainedGroups, constrained_groups, rounded
from analysis.review.answers import Answer
from analysis.review.candidates import Candidates, Items, find_candidates
from analysis.review.doubts import most_doubtful
from analysis.review.odds import DEFAULT_ODDS, Odds
from analysis.review.settled import Settled, settle

# A question is worth asking while it promises to put at least a quarter of a pair right.
WORTH_ASKING = 0.25
# Share of the answers that are assumed to be wrong.
SLIPS = 0.01
# From candidates and their probabilities of one product to how much each promises, shape (m,).
Rule = Callable[[Candidates, NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Question:
    """Do these two show one product?

    Attributes:
        items: The two detections to be shown: that of each side that is nearest to all others of its side.
        sides: All detections that the answer is about, those of the first item and those of the second.
        joined: Whether the two sides are in one group now.
        probability: How likely the answer is "same".
        gain: How many pairs the answer is expected to put right.
        is_again: Whether the same was asked before, and the answer is in doubt.
        num_worth: How many questions are worth asking now, this one included if it is.
    """

    items: tuple[int, int]
    sides: tuple[tuple[int, ...], tuple[int, ...]]
    joined: bool
    probability: float
    gain: float
    is_again: bool
    num_worth: int


@dataclass(frozen=True, eq=False)
class Reviewed:
    """Detections under review: what was said of them, how they group with it, and what to ask next.

    Attributes:
        known: The answers, closed.
        found: The groups.
        question: The next question, None where nothing is left to ask.
    """

    known: Settled
    found: ConstrainedGroups
    question: Question | None


def expected_gain(candidates: Candidates, probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how many pairs each answer is expected to put right: all between the sides, if they are wrong now."""
    return np.where(candidates.joined, 1 - probability, probability) * candidates.num_pairs


def review(
    distance: NDArray[np.float64],
    answers: Sequence[Answer],
    threshold: float,
    odds: Odds = DEFAULT_ODDS,
    rule: Rule = expected_gain,
    slips: float = SLIPS,
) -> Reviewed:
    """Group detections with what a person said, and find the question that promises most.

    A review always groups by average linkage at a threshold, whatever the checkpoint's clustering is: there a person's
    answer has a place, and the page computes the same. With ``clustering=calibrated`` the groups without answers are
    those of the group command.

    Args:
        distance: Distance of every pair of detections (n, n).
        answers: What was said, in order.
        threshold: Largest mean distance at which two groups merge.
        odds: How likely two groups are one product, before anything was said of them.
        rule: How much a question promises; of equal ones the first candidate is asked.
        slips: Share of the answers that are assumed to be wrong, 0 for none: an answer in doubt is asked again where
            that promises more than any new question.
    """
    known, distance = settle(answers, len(distance)), rounded(distance)
    found = constrained_groups(distance, known.parts, known.apart, threshold)
    candidates = find_candidates(known, found)
    learned = odds.after(*_answered_pairs(distance, answers), threshold)
    question = _new_question(distance, candidates, learned.probability(candidates.mean, threshold), rule)
    doubt = most_doubtful(distance, answers, known, found.tree, learned, threshold, slips) if slips else None
    if doubt is not None and doubt.gain > (question.gain if question else WORTH_ASKING):
        one, two = (tuple(side.tolist()) for side in doubt.sides)
        is_joined = bool(known.parts[doubt.items[0]] == known.parts[doubt.items[1]])
        num_worth = (question.num_worth if question else 0) + int(doubt.gain >= WORTH_ASKING)
        question = Question(doubt.items, (one, two), is_joined, doubt.probability, doubt.gain, True, num_worth)
    return Reviewed(known, found, question)


def _new_question(
    distance: NDArray[np.float64], candidates: Candidates, probability: NDArray[np.float64], rule: Rule
) -> Question | None:
    if not len(candidates):
        return None
    best = int(rule(candidates, probability).argmax())
    gain = expected_gain(candidates, probability)
    one, two = candidates.sides(best)
    return Question(
        (medoid(distance, one), medoid(distance, two)),
        (tuple(one.tolist()), tuple(two.tolist())),
        bool(candidates.joined[best]),
        float(probability[best]),
        float(gain[best]),
        False,
        int((gain >= WORTH_ASKING).sum()),
    )


def _answered_pairs(
    distance: NDArray[np.float64], answers: Sequence[Answer]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the distance of each pair of detections that was asked about, and whether it is one product."""
    asked = [answer for answer in answers if answer.pair]
    pairs = np.array([answer.pair for answer in asked], dtype=np.int64).reshape(-1, 2)
    return distance[pairs[:, 0], pairs[:, 1]], np.array([answer.says == "same" for answer in asked], dtype=bool)


def medoid(distance: NDArray[np.float64], items: Items) -> int:
    """Return the item with the least sum of distances to the others, the lowest of equal ones."""
    return int(items[distance[np.ix_(items, items)].sum(axis=1).argmin()])
