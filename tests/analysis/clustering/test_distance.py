import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from analysis.clustering.distance import METRICS, pairwise_distance


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("num_rows", [0, 1, 2, 30])
def test_distance_equals_sklearns_and_is_a_clean_matrix(metric, num_rows):
    rows = np.random.default_rng(0).normal(size=(num_rows, 5)).astype(np.float32)
    distance = pairwise_distance(rows, metric)
    assert distance.shape == (num_rows, num_rows)
    assert distance.dtype == np.float64
    assert np.array_equal(distance, distance.T)
    assert (np.diag(distance) == 0).all()
    assert (distance >= 0).all()
    if num_rows:
        np.testing.assert_allclose(distance, pairwise_distances(rows.astype(np.float64), metric=metric), atol=1e-12)


def test_cosine_of_nearly_parallel_rows_is_never_negative():
    rows = np.random.default_rng(1).normal(size=(1, 64)).astype(np.float32) * np.linspace(0.1, 9, 200)[:, None]
    assert pairwise_distance(rows, "cosine").min() == 0


def test_cosine_of_a_zero_row_is_defined():
    distance = pairwise_distance([[0, 0], [1, 0], [0, 0], [-1, 0]], "cosine")
    assert distance.tolist() == [[0, 1, 0, 1], [1, 0, 1, 2], [0, 1, 0, 1], [1, 2, 1, 0]]


def test_cosine_survives_huge_and_tiny_rows():
    distance = pairwise_distance([[1e300, 1e300], [1e-300, 1e-300], [1e-300, 0]], "cosine")
    np.testing.assert_allclose(distance[0], [0, 0, 1 - np.sqrt(0.5)], atol=1e-12)


def test_what_cannot_be_measured_is_named():
    with pytest.raises(ValueError, match=r"cosine, euclidean, manhattan, got 'angle'"):
        pairwise_distance(np.zeros((2, 2)), "angle")
    with pytest.raises(ValueError, match=r"shape \(3,\)"):
        pairwise_distance(np.zeros(3), "cosine")
    with pytest.raises(ValueError, match=r"in row 1 \(2 such rows\)"):
        pairwise_distance([[0, 1], [np.nan, 1], [np.inf, 1]], "cosine")
    with pytest.raises(ValueError, match="d at least 1"):
        pairwise_distance(np.zeros((3, 0)), "euclidean")
