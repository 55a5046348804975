"""Reviews as files, and reviews of boxes that have changed."""

import json
from dataclasses import replace

import numpy as np
import pytest

from analysis.review.answers import Answer
from analysis.review.changed_boxes import carry_over, match_boxes
from analysis.review.review import Review, ReviewedPhoto

BOXES = ((0.0, 0.0, 10.0, 10.0), (10.0, 0.0, 20.0, 10.0), (20.0, 0.0, 30.5, 10.0))
ANSWERS = (
    Answer("same", (0, 4)),
    Answer("different", (1,), (2, 3)),
    Answer("name", (0, 1), name="Café „Noir“"),
    Answer("skip", (4,), (5,)),
)


def photo(name, boxes=BOXES, content=b"pixels"):
    return ReviewedPhoto(name, len(content), f"{hash((name, content)):x}", 100, 50, boxes)


@pytest.fixture
def review():
    return Review((photo("a.jpg"), photo("b.jpg")), ANSWERS, across_photos=True)


def test_a_review_is_read_as_it_was_written(review):
    text = review.to_json()
    assert Review.from_json(text, "review.json") == review
    assert json.loads(text)["answers"][0] == {"says": "same", "items": [[0, 0], [1, 1]]}


def test_answers_of_one_photo(review):
    assert review.of_photo(0) == (
        Answer("same", (0,)),
        Answer("different", (1,), (2,)),
        Answer("name", (0, 1), name="Café „Noir“"),
    )
    assert review.of_photo(1)[-1] == Answer("skip", (1,), (2,))


def test_a_photo_is_known_by_its_content(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"one")
    known = ReviewedPhoto.of(tmp_path / "a.jpg", (4, 3), np.array([[0, 0, 1, 1]]))
    (tmp_path / "a.jpg").write_bytes(b"two")
    other = ReviewedPhoto.of(tmp_path / "a.jpg", (4, 3), np.array([[0, 0, 1, 1]]))
    assert (known.file, known.bytes, known.boxes) == ("a.jpg", 3, ((0.0, 0.0, 1.0, 1.0),))
    assert known.sha256 != other.sha256


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda plain: "{", "review.json is not JSON"),
        (lambda plain: [], "is not a review"),
        (lambda plain: {**plain, "format": "groups"}, "is not a review"),
        (lambda plain: {**plain, "version": 2}, "reads version 1, got 2"),
        (lambda plain: {key: plain[key] for key in plain if key != "photos"}, "'photos' is missing"),
        (
            lambda plain: {key: plain[key] for key in plain if key != "answers"},
            "answers cannot be read: 'answers' is missing",
        ),
        (lambda plain: {**plain, "photos": [{"file": "a.jpg"}]}, "photos cannot be read"),
        (
            lambda plain: {**plain, "answers": [{"says": "same", "items": [[0, 3]]}]},
            r"answers\[0\].*no box 3 of photo 0",
        ),
        (lambda plain: {**plain, "answers": [{"says": "same", "items": [3]}]}, r"answers\[0\] cannot be read"),
        (lambda plain: {**plain, "answers": [{"items": [[0, 1]]}]}, r"answers\[0\].*'says' is missing"),
        (lambda plain: {**plain, "answers": [{"says": "same", "items": [[0, 1]], "why": 1}]}, "unknown key 'why'"),
        (lambda plain: {**plain, "answers": [{"says": "name", "items": [[0, 1]], "name": " "}]}, "must not be empty"),
    ],
)
def test_a_broken_review_is_named(review, change, message):
    changed = change(json.loads(review.to_json()))
    with pytest.raises(ValueError, match=message) as raised:
        Review.from_json(changed if isinstance(changed, str) else json.dumps(changed), "review.json")
    assert "\n" not in str(raised.value)


def test_answers_follow_their_boxes(review):
    # The photos are given in another order, b.jpg has lost its first box, the others have moved a little.
    moved = tuple((x1 + 1, y1, x2 + 1, y2) for x1, y1, x2, y2 in reversed(BOXES[1:]))
    found = carry_over(review, [replace(photo("b.jpg"), boxes=moved), photo("a.jpg")])
    assert found.review.answers == (
        Answer("same", (2, 1)),
        Answer("different", (3,), (4,)),
        Answer("name", (2, 3), name="Café „Noir“"),
        Answer("skip", (1,), (0,)),
    )
    assert found.notes == ("b.jpg: 1 reviewed boxes are gone, the first is (0.0, 0.0, 10.0, 10.0)",)


def test_a_review_of_another_photo(review):
    with pytest.raises(ValueError, match=r"another b.jpg"):
        carry_over(review, [photo("a.jpg"), photo("b.jpg", content=b"others")])
    with pytest.raises(ValueError, match=r"the review is of a.jpg, b.jpg"):
        carry_over(review, [photo("c.jpg")])
    assert carry_over(review, [photo("a.jpg")]).notes[-1] == "1 of 4 answers are about boxes that are gone"


def test_equal_boxes_match_whatever_their_order_and_no_box_matches_twice():
    generator = np.random.default_rng(0)
    corners = generator.uniform(0, 50, (30, 2))
    boxes = np.hstack([corners, corners + generator.uniform(20, 40, (30, 2))])
    order = generator.permutation(30)
    np.testing.assert_array_equal(match_boxes(boxes, boxes[order]), np.argsort(order))
    assert match_boxes(boxes, boxes[:0]).tolist() == [-1] * 30
    assert match_boxes([[0, 0, 10, 10], [0, 0, 9, 10]], [[0, 0, 9.4, 10]]).tolist() == [-1, 0]


def test_of_two_copies_of_a_photo_each_keeps_its_own_answers():
    copies = [replace(photo("a.jpg"), sha256="same"), replace(photo("b.jpg"), sha256="same")]
    answers = (Answer("same", (0, 1)), Answer("different", (3,), (4,)))
    assert carry_over(Review(tuple(copies), answers), copies).review.answers == answers
    assert carry_over(Review(tuple(copies), answers), copies[::-1]).review.answers == (
        Answer("same", (3, 4)),
        Answer("different", (0,), (1,)),
    )
