import pytest

from analysis.measures.enough import too_few_to_measure

PHOTO = ["tea", "cola", "milk"] * 4


def test_figures_of_a_handful_of_crops_are_said_to_mean_nothing():
    line = too_few_to_measure([["tea", "cola"]])
    assert line is not None
    assert "2 crops, 2 products and 1 photo;" in line


@pytest.mark.parametrize(
    ("photos", "one_pile", "enough"),
    [
        ([], False, True),
        ([PHOTO] * 3, False, True),
        ([PHOTO] * 2, False, False),
        ([PHOTO[:9]] * 3, False, False),
        ([PHOTO[:2] * 9] * 3, False, False),
        ([range(30)], True, True),
        ([range(30)], False, False),
        ([range(29)], True, False),
    ],
)
def test_crops_products_and_photos_are_counted(photos, one_pile, enough):
    assert (too_few_to_measure(photos, one_pile) is None) == enough
