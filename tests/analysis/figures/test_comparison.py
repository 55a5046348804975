import numpy as np
import pytest

from analysis.figures.comparison import comparison_figure, match_groups


@pytest.mark.parametrize("seed", range(5))
def test_the_same_grouping_under_other_numbers_has_no_mistake(seed):
    generator = np.random.default_rng(seed)
    truth = generator.integers(-1, 6, 40)
    found = np.where(truth < 0, -1, generator.permutation(6)[truth])
    products, groups = match_groups(truth, found)
    assert (products == groups).all()
    assert (np.diff(np.bincount(products)) <= 0).all()


def test_few_mistakes_are_found_where_they_are():
    truth = np.array([7, 7, 7, 7, 3, 3, 3, 9, 9])
    found = np.array([1, 1, 1, 0, 0, 0, 0, -1, 5])
    products, groups = match_groups(truth, found)
    assert products.tolist() == [0, 0, 0, 0, 1, 1, 1, 2, 2]
    assert np.flatnonzero(products != groups).tolist() in ([3, 7], [3, 8])


def test_all_in_one_group_and_all_alone():
    truth = np.array([0, 0, 1])
    assert (np.not_equal(*match_groups(truth, np.zeros(3)))).sum() == 1
    assert (np.not_equal(*match_groups(truth, np.full(3, -1)))).sum() == 1
    assert [len(labels) for labels in match_groups([], [])] == [0, 0]


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_both_sides_are_drawn_and_mistakes_have_a_red_frame():
    photo = np.full((60, 100, 3), 128, dtype=np.uint8)
    boxes = np.array([[0, 0, 20, 30], [25, 0, 45, 30], [50, 0, 70, 30]])
    figure = comparison_figure(photo, boxes, [0, 0, 1], [0, 1, 1], title="shelf")
    left, right = figure.axes
    assert texts(left) == ["0", "0", "1"]
    red = [tuple(edge[:3]) == (1, 0, 0) for edge in right.collections[0].get_edgecolor()]
    assert red.count(True) == 1
    assert not any(tuple(edge[:3]) == (1, 0, 0) for edge in left.collections[0].get_edgecolor())
    assert "1 of 3 boxes" in right.get_title()
    with pytest.raises(ValueError, match="got 2 and 3"):
        comparison_figure(photo, boxes[:2], [0, 0, 1], [0, 1, 1])
