import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from analysis.measures.separation import true_separation


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "manhattan"])
def test_it_is_the_mean_of_scikit_learns_silhouettes_clipped_at_0(metric):
    draws = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], 5)
    rows = draws.normal(0, 0.5, (15, 4)) + np.eye(4)[truth]
    expected = silhouette_samples(rows, truth, metric=metric).clip(min=0).mean()
    assert true_separation(rows, truth, metric) == pytest.approx(expected, abs=1e-6)


def test_a_product_that_occurs_once_is_not_counted_but_stands_in_the_way():
    rows = np.array([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]])
    assert 0.9 < true_separation(rows, [0, 0, 1], "cosine") < 1
    assert true_separation(rows, [0, 0, -1], "cosine") == true_separation(rows, [0, 0, 1], "cosine")


@pytest.mark.parametrize("truth", [[], [0], [0, 1], [-1, -1]])
def test_without_a_product_that_occurs_twice_it_is_undefined(truth):
    assert np.isnan(true_separation(np.eye(2)[: len(truth)], truth, "cosine"))
