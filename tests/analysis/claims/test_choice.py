import numpy as np
import pytest

from analysis.claims.choice import chosen_on_other_folds


def test_each_fold_is_measured_with_what_is_best_on_the_others():
    folds = np.array([0, 0, 1, 1])
    variants = {"low": np.array([[0.9], [0.9], [0.2], [0.2]]), "high": np.array([[0.1], [0.1], [0.8], [0.8]])}
    values, chosen = chosen_on_other_folds(variants, folds)
    assert chosen == {0: "high", 1: "low"}
    assert values[:, 0].tolist() == [0.1, 0.1, 0.2, 0.2]


def test_one_variant_is_taken_as_it_is():
    values, chosen = chosen_on_other_folds({"": np.array([[0.3], [np.nan]])}, np.array([4, 4]))
    assert chosen == {4: ""}
    assert np.array_equal(values, [[0.3], [np.nan]], equal_nan=True)


def test_nothing_to_choose_on_is_refused():
    with pytest.raises(ValueError, match="at least 2 folds"):
        chosen_on_other_folds({"a": np.zeros((2, 1)), "b": np.zeros((2, 1))}, np.array([1, 1]))
