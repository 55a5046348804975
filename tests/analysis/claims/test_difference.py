import numpy as np
import pytest
from scipy.stats import ttest_1samp

from analysis.claims.difference import Difference, mean_difference


def test_one_seed_is_the_paired_t_test():
    values = np.random.default_rng(1).normal(0.03, 0.1, 40)
    found, expected = mean_difference(values[:, None]), ttest_1samp(values, 0)
    assert found.mean == pytest.approx(values.mean())
    assert found.interval == pytest.approx(tuple(expected.confidence_interval()))
    assert found.chance_above(0) == pytest.approx(expected.pvalue)


@pytest.mark.parametrize("shape", [(15, 1), (100, 1), (30, 5)])
def test_the_interval_covers_the_true_difference_in_19_of_20_studies(shape):
    draws, covered = np.random.default_rng(2), 0
    for study in range(100):
        photos, seeds = draws.normal(0, 0.1, (shape[0], 1)), draws.normal(0, 0.004, (1, shape[1]))
        found = mean_difference(0.05 + photos + seeds * (shape[1] > 1) + draws.normal(0, 0.05, shape), seed=study)
        low, high = found.interval
        covered += low <= 0.05 <= high
    assert 89 <= covered <= 100


def test_a_difference_between_seeds_counts_however_many_photos_agree():
    by_seed = np.tile([0.0, 0.1, 0.2], (500, 1))
    assert mean_difference(by_seed).error > 0.03
    assert mean_difference(by_seed[:, :1]).error == 0


@pytest.mark.parametrize("values", [np.zeros((0, 1)), [[np.nan, np.nan]], [1.0]])
def test_nothing_measured_is_refused(values):
    with pytest.raises(ValueError, match="a value for every photo"):
        mean_difference(values)


def test_one_photo_has_no_interval_and_two_have_a_wide_one():
    alone = mean_difference([[0.5]])
    assert (alone.interval, alone.photos_needed(0.01), alone.chance_above(0)) == (None, None, 1.0)
    low, high = mean_difference([[0.5], [0.6]]).interval
    assert low < 0 < 1 < high


def test_equal_differences_are_certain():
    equal = mean_difference(np.full((9, 2), 0.25))
    assert equal.interval == (0.25, 0.25)
    assert (equal.chance_above(0), equal.chance_below(0)) == (0.0, 1.0)
    assert equal.photos_needed(0.01) == 2


def test_a_photo_that_a_seed_did_not_measure_counts_once():
    assert mean_difference([[1.0, np.nan], [0.0, 0.0]]).mean == 0.5


def test_four_times_the_photos_are_needed_for_half_the_difference():
    few, many = (Difference(mean, 0.05, 50, 1).photos_needed(0.001) for mean in (0.1, 0.05))
    # (1.96 + 0.84)^2 times the squared ratio of deviation and difference, as in any textbook.
    assert few == np.ceil(7.849 * (0.05 * 50**0.5 / 0.1) ** 2)
    assert many == pytest.approx(4 * few, abs=4)
    assert Difference(0.0, 0.05, 50, 1).photos_needed(0.05) == many
