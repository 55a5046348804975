"""Fitting the odds of one product."""

import numpy as np
import pytest

from analysis.clustering.distance import pairwise_distance
from analysis.review.fit import fit_odds


def test_odds_fit_what_the_photos_hold():
    photos = []
    for seed in range(4):
        generator = np.random.default_rng(seed)
        products = np.repeat(np.arange(8), [6, 5, 4, 3, 2, 2, 1, 1])
        rows = generator.normal(size=(8, 12))[products] + 0.8 * generator.normal(size=(24, 12))
        photos.append((pairwise_distance(rows, "cosine"), products, 0.5))
    odds = fit_odds(photos)
    near, far = odds.probability(np.array([0.2, 0.9]), 0.5)
    assert near > 0.8
    assert far < 0.1
    # Twice the threshold is half the relative distance.
    doubled = fit_odds([(distance * 2, products, 1.0) for distance, products, _ in photos])
    assert (doubled.intercept, doubled.slope) == pytest.approx((odds.intercept, odds.slope), rel=1e-3)


def test_photos_of_a_single_product_teach_nothing():
    with pytest.raises(ValueError, match="pairs of two"):
        fit_odds([(np.ones((3, 3)) - np.eye(3), np.zeros(3, dtype=np.int64), 1.5)])
