"""Rows of boxes, told from how they were placed."""

import numpy as np
import pytest

from analysis.shelf.rows import find_rows
from datamodules.synthetic import photo as rendering
from datamodules.synthetic.planogram import Planner
from datamodules.synthetic.view import canvas_size


def shelf(rows, left=20, gap=6, board=30):
    """Return boxes and rows; a row is a list of (width, height, levels)."""
    boxes, numbers, base = [], [], 0
    for number, items in enumerate(rows, start=1):
        base += max(height * levels for _, height, levels in items) + board
        x = left
        for width, height, levels in items:
            boxes += [[x, base - (level + 1) * height, x + width, base - level * height] for level in range(levels)]
            numbers += [number] * levels
            x += width + gap
    return np.array(boxes, dtype=float), np.array(numbers)


def turned(boxes, degrees):
    """Return the upright boxes around boxes turned about the origin."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = boxes[:, [[0, 1], [2, 1], [2, 3], [0, 3]]] @ turn
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)


MIXED = [
    [(60, 150, 1), (60, 150, 1), (90, 60, 2), (90, 60, 2), (40, 40, 1), (80, 140, 1), (70, 130, 1)],
    [(60, 100, 1)] * 9,
    [(120, 50, 3), (120, 50, 3), (50, 145, 1), (50, 145, 1), (60, 70, 1), (60, 70, 2), (50, 90, 1)],
]


@pytest.mark.parametrize("degrees", [0, 2, -5, 9, -14])
def test_heights_stacks_and_a_tilted_photo_change_no_row(degrees):
    boxes, rows = shelf(MIXED)
    found = find_rows(turned(boxes, degrees))
    assert found.row.tolist() == rows.tolist()
    assert (found.below >= 0).sum() == 2 + 4 + 1


def test_order_place_and_size_do_not_matter():
    boxes, _ = shelf(MIXED)
    expected, order = find_rows(boxes), np.random.default_rng(0).permutation(len(boxes))
    np.testing.assert_array_equal(find_rows(boxes[order]).row, expected.row[order])
    np.testing.assert_array_equal(find_rows(boxes * 7.5 + 1234).row, expected.row)


def test_a_box_stands_on_the_one_it_covers_most_of():
    boxes = np.array([[0, 50, 40, 100], [42, 50, 82, 100], [30, 0, 70, 50], [90, 20, 130, 100]])
    found = find_rows(boxes)
    assert found.row.tolist() == [1, 1, 1, 1]
    assert found.below.tolist() == [-1, -1, 1, -1]


def test_what_hangs_on_one_bar_is_one_row():
    boxes = [[50 * i, 0, 50 * i + 40, length] for i, length in enumerate((100, 60, 140, 90, 60))]
    assert find_rows(boxes).row.tolist() == [1] * 5


def test_what_was_pushed_back_stays_in_its_row():
    boxes, _ = shelf([[(50, 60, 1)] * 8, [(50, 60, 1)] * 8])
    boxes[[3, 5]] -= [0, 30, 0, 30]
    assert find_rows(boxes).row.tolist() == [1] * 8 + [2] * 8


def test_boards_of_two_bays_at_two_heights_are_two_rows():
    left, right = shelf([[(50, 80, 1)] * 5] * 2)[0], shelf([[(50, 80, 1)] * 5] * 2, left=310)[0] + [0, 45, 0, 45]
    assert len(set(find_rows(np.concatenate([left, right])).row)) == 4


@pytest.mark.parametrize(
    ("boxes", "rows"),
    [
        (np.zeros((0, 4)), []),
        ([[0, 0, 9, 9]], [1]),
        ([[0, 0, 9, 9], [0, 50, 9, 59]], [1, 2]),
        ([[0, 50, 9, 59], [0, 0, 9, 9]], [2, 1]),
        ([[0, 0, 9, 9], [12, 1, 21, 9]], [1, 1]),
    ],
)
def test_few_boxes(boxes, rows):
    assert find_rows(boxes).row.tolist() == rows


def test_boxes_that_are_equal_have_rows():
    assert len(find_rows([[0, 0, 9, 9]] * 4).row) == 4


@pytest.fixture(scope="module")
def rendered():
    """Return boxes and true rows of rendered photos; products carry the number of their shelf while they are drawn."""
    with pytest.MonkeyPatch.context() as patch:
        arrange, sprite_of = rendering.arrange, rendering.sprite_of

        def numbered(*arguments):
            return [
                bay._replace(packages=tuple(item._replace(product=item.product + 1000 * row) for item in bay.packages))
                for row, bay in enumerate(arrange(*arguments))
            ]

        patch.setattr(rendering, "arrange", numbered)
        patch.setattr(rendering, "sprite_of", lambda seed, brands, label: sprite_of(seed, brands, label % 1000))
        planner = Planner(rendering.catalogue_of(0, 4), 0.3, np.random.default_rng(5))
        photos = []
        for number in range(2):
            plan = planner.plan("test", [], *canvas_size(400, 300))
            photo = rendering.render_photo(0, 4, plan, (400, 300), np.random.default_rng([9, number]))
            photos.append((photo.boxes, photo.products // 1000))
    return photos


def test_rows_of_rendered_shelves_are_those_they_were_rendered_with(rendered):
    agreement = [
        ((found[:, None] == found) == (true[:, None] == true)).mean()
        for found, true in ((find_rows(boxes).row, true) for boxes, true in rendered)
    ]
    assert min(agreement) > 0.95
    assert np.mean(agreement) > 0.985
