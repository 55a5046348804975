"""Which question comes next: what it asks, how it is chosen, when there is none, and how fast."""

import time

import numpy as np
import pytest

from analysis.clustering.distance import pairwise_distance
from analysis.review.answers import Answer
from analysis.review.odds import Odds
from analysis.review.questions import review


def blobs(sizes, noise, seed=0):
    generator = np.random.default_rng(seed)
    products = np.repeat(np.arange(len(sizes)), sizes)
    rows = generator.normal(size=(len(sizes), 16))[products] + noise * generator.normal(size=(len(products), 16))
    return pairwise_distance(rows, "cosine"), products


def answered(question, products):
    first, second = question.items
    if products[first] == products[second]:
        return Answer("same", (first, second))
    return Answer("different", (first,), (second,))


@pytest.mark.parametrize("noise", [0.3, 1.2])
def test_a_person_who_answers_everything_makes_it_right(noise):
    distance, products = blobs([5, 4, 3, 1, 1], noise)
    answers = []
    while (question := review(distance, answers, 0.4).question) is not None:
        assert question.items[0] in question.sides[0]
        assert question.items[1] in question.sides[1]
        answers.append(answered(question, products))
        assert len(answers) <= 14 * 13 / 2
    found = review(distance, answers, 0.4).found.groups
    np.testing.assert_array_equal(found[:, None] == found, products[:, None] == products)


def test_the_large_doubtful_groups_are_asked_about_first():
    # Two groups of four just beyond the cut, and two single items as near to each other.
    distance = np.full((10, 10), 0.9)
    for block in (slice(0, 4), slice(4, 8)):
        distance[block, block] = 0.05
    distance[:4, 4:8] = distance[4:8, :4] = distance[8, 9] = distance[9, 8] = 0.45
    np.fill_diagonal(distance, 0)
    question = review(distance, [], 0.4, Odds(8, -8, 1)).question
    assert question.sides == ((0, 1, 2, 3), (4, 5, 6, 7))
    assert not question.joined
    assert question.gain == pytest.approx(16 * question.probability)
    assert review(distance, [Answer("skip", (1,), (5,))], 0.4, Odds(8, -8, 1)).question.sides != question.sides


def test_a_doubtful_group_is_asked_about_too_and_torn_apart_by_the_answer():
    distance, products = blobs([6, 6], 0.2)
    question = review(distance, [], 1.5).question
    assert question.joined
    assert review(distance, [answered(question, products)], 1.5).found.groups.tolist() == [0] * 6 + [6] * 6


@pytest.mark.parametrize("num_items", [0, 1, 2])
def test_few_items(num_items):
    question = review(np.zeros((num_items, num_items)), [], 0.3).question
    assert (question is None) == (num_items < 2)


def test_nothing_is_left_to_ask_once_all_is_known():
    distance, _ = blobs([3, 2], 0.1)
    known = [Answer("same", (0, 1, 2)), Answer("same", (3, 4)), Answer("different", (0,), (3,))]
    assert review(distance, known, 0.4).question is None


def test_the_next_question_about_200_boxes_comes_within_50_ms():
    distance, products = blobs([20] * 5 + [4] * 20 + [1] * 20, 0.8)
    answers = []
    for _ in range(5):
        answers.append(answered(review(distance, answers, 0.4).question, products))
    # The best of many, as other work may take the processor.
    seconds = []
    for _ in range(7):
        start = time.process_time()
        review(distance, answers, 0.4)
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.05


def test_answers_shift_the_odds_of_their_photos():
    odds = Odds(4.0, -4.0, 1.0)
    distance, same = np.full(3, 0.4), np.ones(3, dtype=bool)
    assert odds.after(distance[:0], same[:0], 0.4) == odds
    easier, harder = odds.after(distance, same, 0.4), odds.after(distance, ~same, 0.4)
    assert easier.intercept > 4 > harder.intercept
    # Symmetric at even odds, and what was expected anyhow teaches little.
    assert easier.intercept - 4 == pytest.approx(4 - harder.intercept)
    assert odds.after(np.full(3, 0.05), same, 0.4).intercept - 4 < 0.2
    # An oracle: the same integral, finer and wider.
    shifts = np.linspace(-8, 8, 4001)
    density = np.exp(-(shifts**2) / 2) / (1 + np.exp(-shifts)) ** 3
    assert easier.intercept - 4 == pytest.approx((density * shifts).sum() / density.sum(), abs=1e-3)
    assert odds.probability(np.array([0.0, 0.4, 9.0]), 0.4).tolist() == pytest.approx([0.982, 0.5, 0.0], abs=1e-3)
    assert odds.probability(np.array([0.0, 0.1]), 0.0)[1] == 0


def test_a_surprising_answer_is_asked_again_and_the_correction_counts():
    # Two tight groups, far apart, and a slip that makes one of them.
    distance = np.full((8, 8), 0.9)
    distance[:4, :4] = distance[4:, 4:] = 0.05
    np.fill_diagonal(distance, 0)
    slip = Answer("same", (0, 4))
    assert not review(distance, [slip], 0.4, Odds(8, -8, 1), slips=0).question.is_again
    reviewed = review(distance, [slip], 0.4, Odds(8, -8, 1), slips=0.05)
    assert reviewed.question.is_again
    assert (reviewed.question.items, reviewed.question.sides) == ((0, 4), ((0, 1, 2, 3), (4, 5, 6, 7)))
    assert reviewed.found.groups.tolist() == [0] * 8
    corrected = review(distance, [slip, Answer("different", (0,), (4,))], 0.4, Odds(8, -8, 1), slips=0.05)
    assert corrected.found.groups.tolist() == [0] * 4 + [4] * 4
    assert corrected.known.contradictions == ()
    # What was expected is not asked again.
    expected = review(distance, [Answer("same", (0, 1))], 0.4, Odds(8, -8, 1), slips=0.05)
    assert not expected.question.is_again
    skipped = review(distance, [slip, Answer("skip", (0,), (4,))], 0.4, Odds(8, -8, 1), slips=0.05)
    assert not skipped.question.is_again
