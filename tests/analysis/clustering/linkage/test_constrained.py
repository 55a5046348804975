"""Average linkage with answers: against a textbook version, against plain average linkage, and its edges."""

from itertools import combinations

import numpy as np
import pytest

from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.clustering.distance import pairwise_distance
from analysis.clustering.linkage.constrained import RESOLUTION, constrained_groups
from analysis.clustering.result import renumber
from analysis.review.answers import Answer
from analysis.review.settled import settle

NOTHING = np.empty((0, 2), dtype=np.int64)


def textbook(distance, same, different, threshold):
    """Return the groups by definition: sets of items, every mean anew, all pairs looked at in every round."""
    distance = np.rint(distance / RESOLUTION) * RESOLUTION
    groups = [frozenset([item]) for item in range(len(distance))]
    linked = list(same)

    def body(group):
        """Everything that is known or decided to be one product with the group."""
        found, grown = set(), set(group)
        while grown != found:
            found = set(grown)
            grown |= {item for pair in linked if set(pair) & found for item in pair}
            grown |= {item for other in groups if other & found for item in other}
        return found

    def may_merge(one, two):
        first, second = body(one), body(two)
        return not any((a in first and b in second) or (b in first and a in second) for a, b in different)

    while True:
        pairs = [
            (sum(distance[a, b] for a in one for b in two) / (len(one) * len(two)), min(one), min(two), one, two)
            for one, two in combinations(sorted(groups, key=min), 2)
            if may_merge(one, two)
        ]
        best = min(pairs, key=lambda pair: pair[:3], default=None)
        if best is None or best[0] > threshold:
            break
        groups = [group for group in groups if group not in best[3:]] + [best[3] | best[4]]
    return np.array([min(body(next(group for group in groups if item in group))) for item in range(len(distance))])


def scene(seed, num_items=14):
    generator = np.random.default_rng(seed)
    products = generator.integers(0, 5, num_items)
    rows = generator.normal(size=(5, 6))[products] + generator.normal(size=(num_items, 6))
    # Some rows are equal, so that distances tie.
    rows[-2:] = rows[:2]
    return pairwise_distance(rows, "cosine"), products, generator


def constrained(distance, answers, threshold):
    known = settle(answers, len(distance))
    return constrained_groups(distance, known.parts, known.apart, threshold), known


@pytest.mark.parametrize("seed", range(12))
def test_the_textbook_finds_the_same_groups(seed):
    distance, products, generator = scene(seed)
    pairs = [tuple(map(int, generator.choice(14, 2, replace=False))) for _ in range(seed)]
    # Every fourth answer is wrong, and those that contradict others are left out.
    answers = [
        Answer("same", pair)
        if (products[pair[0]] == products[pair[1]]) != (number % 4 == 3)
        else Answer("different", pair[:1], pair[1:])
        for number, pair in enumerate(pairs)
    ]
    lost = {item.answer for item in settle(answers, 14).contradictions}
    kept = [answer for number, answer in enumerate(answers) if number not in lost]
    same = [answer.items for answer in kept if answer.says == "same"]
    different = [answer.items + answer.others for answer in kept if answer.says == "different"]
    for threshold in (0.2, 0.5, 0.9):
        found, known = constrained(distance, kept, threshold)
        np.testing.assert_array_equal(found.groups, textbook(distance, same, different, threshold))
        np.testing.assert_array_equal(found.groups[known.parts], found.groups)
        assert (found.groups[known.apart[:, 0]] != found.groups[known.apart[:, 1]]).all()


@pytest.mark.parametrize("seed", range(3))
def test_without_answers_it_is_average_linkage(seed):
    rows = np.random.default_rng(seed).normal(size=(150, 8)).astype(np.float32)
    rows[100:110] = rows[:10]
    for threshold in (0.3, 0.6, 1.0):
        plain = AgglomerativeClustering(distance_threshold=threshold).fit(rows).labels
        found = constrained_groups(pairwise_distance(rows, "cosine"), np.arange(150), NOTHING, threshold).groups
        grouped = np.where(np.bincount(found, minlength=150)[found] > 1, found, -1)
        np.testing.assert_array_equal(plain, renumber(grouped))


def test_two_shown_items_join_their_whole_groups():
    # Two tight groups of three, too far from each other for the cut.
    distance = np.full((6, 6), 0.5)
    distance[:3, :3] = distance[3:, 3:] = 0.2
    np.fill_diagonal(distance, 0)
    found, _ = constrained(distance, [Answer("same", (0, 5))], 0.35)
    assert found.groups.tolist() == [0] * 6
    assert found.tree.distances.tolist() == pytest.approx([0.2] * 4)


def test_apart_is_inherited_through_what_is_one():
    # 0 and 1 are one, 1 and 2 are not, so 0 and 2 are not, and 3 cannot be both with 0 and with 2.
    distance = np.full((4, 4), 0.1)
    np.fill_diagonal(distance, 0)
    distance[0, 3] = distance[3, 0] = 0.05
    found, _ = constrained(distance, [Answer("same", (0, 1)), Answer("different", (1,), (2,))], 0.3)
    assert found.groups.tolist() == [0, 0, 2, 0]


@pytest.mark.parametrize("num_items", [0, 1, 2])
def test_few_items(num_items):
    found = constrained_groups(np.zeros((num_items, num_items)), np.arange(num_items), NOTHING, 0.0)
    assert found.groups.tolist() == [0] * num_items


def test_all_equal_items_that_one_answer_tears_apart():
    found, _ = constrained(np.zeros((5, 5)), [Answer("different", (0,), (1,))], 0.1)
    assert found.groups.tolist() == [0, 1, 0, 0, 0]
