"""What answers say together: closure, order, contradictions, names."""

from itertools import permutations

import numpy as np
import pytest

from analysis.review.answers import Answer
from analysis.review.settled import settle


def parts(answers, num_items=6):
    return settle(answers, num_items).parts.tolist()


def test_same_and_different_are_closed():
    found = settle([Answer("same", (0, 1)), Answer("different", (1,), (2,)), Answer("same", (2, 3))], 5)
    assert found.parts.tolist() == [0, 0, 2, 2, 4]
    assert found.apart.tolist() == [[0, 2]]
    assert found.contradictions == ()


def test_the_order_of_answers_does_not_matter():
    answers = [
        Answer("same", (0, 1, 2)),
        Answer("different", (3,), (0, 4)),
        Answer("name", (4, 5), name="Tea"),
        Answer("name", (1,), name="Cola"),
        Answer("skip", (3,), (5,)),
    ]
    found = [settle(order, 7) for order in permutations(answers)]
    for other in found[1:]:
        for key in ("parts", "apart", "skipped"):
            np.testing.assert_array_equal(getattr(other, key), getattr(found[0], key))
        assert other.names == found[0].names == {0: "Cola", 4: "Tea"}
        assert other.contradictions == ()
    assert found[0].apart.tolist() == [[0, 3], [0, 4], [3, 4]]


def test_the_later_answer_is_kept_and_the_contradiction_is_named():
    answers = [Answer("same", (0, 1)), Answer("same", (1, 2)), Answer("different", (0,), (2,))]
    found = settle(answers, 3)
    # The last two are kept; with them the first one cannot be.
    assert found.parts.tolist() == [0, 1, 1]
    (lost,) = found.contradictions
    assert (lost.answer, lost.items) == (0, (0, 1))
    assert "different products" in lost.reason


@pytest.mark.parametrize("outcast", range(5))
def test_of_a_group_only_what_is_contradicted_is_lost(outcast):
    others = tuple(item for item in range(5) if item != outcast)
    found = settle([Answer("same", range(5)), Answer("different", (outcast,), others)], 5)
    assert len(set(found.parts[list(others)])) == 1
    assert found.parts[outcast] == outcast
    assert len(found.contradictions) == 1


def test_different_after_same_of_everything():
    found = settle([Answer("different", (0,), (1, 2)), Answer("same", (0, 1))], 3)
    # That 2 is another product is not contradicted.
    assert found.parts.tolist() == [0, 0, 2]
    assert found.apart.tolist() == [[0, 2]]
    assert [lost.items for lost in found.contradictions] == [(0, 1)]


def test_equal_names_up_to_case_are_one_product_and_different_names_are_two():
    found = settle([Answer("name", (0,), name="cola  ZERO"), Answer("name", (1,), name=" Cola Zero ")], 3)
    assert (found.parts.tolist(), found.names) == ([0, 0, 2], {0: "Cola Zero"})
    found = settle([Answer("same", (0, 1)), Answer("name", (0,), name="a"), Answer("name", (1,), name="b")], 2)
    assert (found.parts.tolist(), found.names) == ([0, 1], {0: "a", 1: "b"})
    assert [lost.answer for lost in found.contradictions] == [0]


def test_naming_again_renames_and_naming_one_product_twice_is_a_contradiction():
    renamed = settle([Answer("name", (0, 1), name="a"), Answer("name", (0, 1), name="b")], 2)
    assert (renamed.names, renamed.contradictions) == ({0: "b"}, ())
    twice = settle([Answer("name", (0,), name="a"), Answer("name", (1,), name="b"), Answer("same", (0, 1))], 2)
    assert twice.names == {0: "b"}
    assert [(lost.answer, lost.reason) for lost in twice.contradictions] == [(0, "later answers call it 'b'")]


def test_a_name_given_up_can_be_used_elsewhere():
    answers = [Answer("name", (0,), name="a"), Answer("name", (0,), name="b"), Answer("name", (1,), name="a")]
    found = settle(answers, 2)
    assert (found.parts.tolist(), found.names, found.contradictions) == ([0, 1], {0: "b", 1: "a"}, ())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"says": "maybe", "items": (0,)}, "says must be one of"),
        ({"says": "same", "items": ()}, "numbers of detections"),
        ({"says": "same", "items": (-1, 2)}, "numbers of detections"),
        ({"says": "different", "items": (1,)}, "others belong to"),
        ({"says": "same", "items": (1, 2), "others": (3,)}, "others belong to"),
        ({"says": "different", "items": (1,), "others": (1, 2)}, "detection 1 and itself"),
        ({"says": "name", "items": (1,), "name": "  "}, "must not be empty"),
    ],
)
def test_what_cannot_be_said(options, message):
    with pytest.raises(ValueError, match=message):
        Answer(**options)


def test_an_answer_about_a_detection_that_does_not_exist():
    with pytest.raises(ValueError, match="about detection 7 of 5"):
        settle([Answer("same", (0, 7))], 5)


def test_answers_move_with_the_boxes():
    answer = Answer("different", (0,), (1, 2))
    assert answer.moved({0: 5, 2: 0}) == Answer("different", (5,), (0,))
    assert answer.moved({1: 5, 2: 0}) is None
