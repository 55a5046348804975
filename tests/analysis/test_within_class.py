"""Within-class covariance normalisation, shrunk towards no change."""

import numpy as np
import pytest

from analysis.within_class import normalize_within_class


def within(rows, products):
    rest = np.concatenate(
        [rows[products == number] - rows[products == number].mean(axis=0) for number in set(products)]
    )
    return rest.T @ rest


def test_loud_directions_of_a_product_count_less_and_lengths_stay():
    generator = np.random.default_rng(0)
    products = np.repeat(np.arange(8), 6)
    rows = generator.normal(size=(8, 5))[products] + generator.normal(size=(48, 5)) * [4, 1, 1, 1, 0.2]
    change = normalize_within_class(rows, products)
    assert np.allclose(change, change.T)
    assert np.linalg.norm(change) == pytest.approx(5**0.5)
    assert change[0, 0] < min(change[1, 1], change[4, 4])
    assert np.linalg.cond(within(rows @ change.T, products)) < np.linalg.cond(within(rows, products))
    order = generator.permutation(48)
    assert np.allclose(normalize_within_class(rows[order], 7 - products[order]), change)


@pytest.mark.parametrize(
    ("rows", "products"),
    [
        (np.zeros((0, 3)), []),
        (np.ones((1, 3)), [0]),
        (np.ones((4, 3)), [0, 0, 1, 1]),
        (np.random.default_rng(0).normal(size=(4, 3)), [0, 1, 2, 3]),
    ],
)
def test_products_that_do_not_vary_change_nothing(rows, products):
    assert np.array_equal(normalize_within_class(rows, np.array(products, dtype=np.int64)), np.eye(3))
