import numpy as np
import pytest
from scipy import stats

from analysis.measures.bootstrap import bootstrap_interval


def test_it_agrees_with_the_reference():
    values = np.random.default_rng(0).gamma(2, size=40)
    reference = stats.bootstrap((values,), np.mean, method="percentile", n_resamples=10_000, random_state=1)
    assert bootstrap_interval(values) == pytest.approx(tuple(reference.confidence_interval), abs=0.05)


def test_more_confidence_is_wider_and_more_values_are_narrower():
    values = np.random.default_rng(0).normal(size=50)
    low, high = bootstrap_interval(values)
    wide_low, wide_high = bootstrap_interval(values, confidence=0.99)
    assert wide_low < low < values.mean() < high < wide_high
    narrow_low, narrow_high = bootstrap_interval(np.tile(values, 4))
    assert narrow_high - narrow_low < 0.7 * (high - low)


def test_equal_values_and_a_single_one_have_no_width():
    assert bootstrap_interval([0.4, 0.4, 0.4]) == pytest.approx((0.4, 0.4))
    assert bootstrap_interval([0.7]) == pytest.approx((0.7, 0.7))


@pytest.mark.parametrize("values", [[], [float("nan"), 1.0], [[1.0, 2.0]]])
def test_wrong_values_are_named(values):
    with pytest.raises(ValueError, match="values must be finite numbers"):
        bootstrap_interval(values)


def test_a_wrong_confidence_is_named():
    with pytest.raises(ValueError, match="confidence must lie between 0 and 1, got 95"):
        bootstrap_interval([1.0], confidence=95)
