"""This project's review with several rules for the next question, and questions at random."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from analysis.review.answers import Answer
from analysis.review.candidates import Candidates
from analysis.review.questions import SLIPS, Reviewed, Rule, expected_gain, review
from scripts.benchmarks.reviewing.asking import AskedPhoto, Asking

# The two detections to ask about, None when there is nothing left.
Choice = Callable[[Reviewed], tuple[int, int] | None]


def most_gain(photo: AskedPhoto, generator: np.random.Generator) -> Asking:
    """Ask what is expected to put most pairs right, answers in doubt again, as the page does."""
    return (yield from _ask(photo, expected_gain, _best, SLIPS))


def without_doubts(photo: AskedPhoto, generator: np.random.Generator) -> Asking:
    """Ask the same, but nothing again."""
    return (yield from _ask(photo, expected_gain, _best))


def most_uncertain(photo: AskedPhoto, generator: np.random.Generator) -> Asking:
    """Ask where the probability is nearest to one half."""
    return (yield from _ask(photo, lambda candidates, probability: -np.abs(probability - 0.5), _best))


def nearest_merge(photo: AskedPhoto, generator: np.random.Generator) -> Asking:
    """Ask about the two groups nearest to the cut, weighed by their sizes; never about the inside of a group."""

    def rule(candidates: Candidates, probability: NDArray[np.float64]) -> NDArray[np.float64]:
        beyond = np.abs(candidates.mean / photo.threshold - 1)
        return np.where(candidates.joined, -1.0, candidates.num_pairs / (beyond + 0.05))

    return (yield from _ask(photo, rule, _best))


def nearest_crops(photo: AskedPhoto, generator: np.random.Generator) -> Asking:
    """Ask the same as the page, but show the two crops of both sides that are nearest to each other."""

    def choose(found: Reviewed) -> tuple[int, int] | None:
        if found.question is None:
            return None
        one, two = found.question.sides
        within = photo.distance[np.ix_(one, two)]
        first, second = np.unravel_index(within.argmin(), within.shape)
        return one[first], two[second]

    return (yield from _ask(photo, expected_gain, choose))


def random_pairs(photo: AskedPhoto, generator: np.random.Generator) -> Asking:
    """Ask about any two detections whose relation is not known."""

    def choose(found: Reviewed) -> tuple[int, int] | None:
        known = found.known
        is_open = known.parts[:, None] != known.parts
        closed = np.zeros(is_open.shape, dtype=bool)
        closed[known.apart[:, 0], known.apart[:, 1]] = True
        is_open &= ~(closed | closed.T)[np.ix_(known.parts, known.parts)]
        pairs = np.argwhere(np.triu(is_open))
        return None if not len(pairs) else (*map(int, generator.choice(pairs)),)  # type: ignore[return-value]

    return (yield from _ask(photo, expected_gain, choose))


def _best(found: Reviewed) -> tuple[int, int] | None:
    return None if found.question is None else found.question.items


def _ask(photo: AskedPhoto, rule: Rule, choose: Choice, slips: float = 0.0) -> Asking:
    answers: list[Answer] = []
    while True:
        found = review(photo.distance, answers, photo.threshold, rule=rule, slips=slips)
        pair = choose(found)
        if pair is None:
            return found.found.groups
        if (yield (*pair, found.found.groups)):
            answers.append(Answer("same", pair))
        else:
            answers.append(Answer("different", pair[:1], pair[1:]))
