"""Confidence against the silhouette of scikit-learn, and the two ways to it against each other."""

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from analysis.clustering import confidence as module
from analysis.clustering.confidence import separation_confidence
from analysis.clustering.distance import METRICS, normalize_rows, pairwise_distance
from analysis.labels import as_singletons


def scene(seed=2, num_rows=40):
    generator = np.random.default_rng(seed)
    labels = generator.integers(-1, 8, size=num_rows)
    return np.eye(9)[labels] + 0.3 * generator.normal(size=(num_rows, 9)), labels


@pytest.mark.parametrize("metric", METRICS)
def test_equals_the_clipped_silhouette(metric):
    rows, labels = scene()
    oracle = silhouette_samples(pairwise_distance(rows, metric), as_singletons(labels), metric="precomputed")
    assert (oracle[labels >= 0] > 0.1).any()
    assert (oracle[labels >= 0] < 0).any()
    expected = np.where(labels >= 0, np.clip(oracle, 0, 1), 0)
    np.testing.assert_allclose(separation_confidence(rows, labels, metric), expected, atol=1e-12)


def test_many_rows_have_the_confidence_of_few(monkeypatch):
    rows, labels = scene(num_rows=400)
    rows[::50] = 0.0
    exact = separation_confidence(rows, labels, "cosine")
    monkeypatch.setattr(module, "DENSE_LIMIT", 0)
    np.testing.assert_allclose(separation_confidence(rows, labels, "cosine"), exact, atol=1e-4)


@pytest.mark.parametrize("dense_limit", [0, 1500])
@pytest.mark.parametrize("labels", [[0, 0, -1], [-1, -1, -1], [0, 0, 0], [1, 1, 1]])
def test_the_smallest_groupings_by_either_way(labels, dense_limit, monkeypatch):
    monkeypatch.setattr(module, "DENSE_LIMIT", dense_limit)
    labels = np.array(labels)
    for rows in (np.eye(3), np.ones((3, 2)), np.random.default_rng(0).normal(size=(3, 6))):
        distance = pairwise_distance(rows, "cosine")
        within, between = distance[0, 1], distance[[0, 1], 2]
        found = separation_confidence(rows, labels, "cosine")
        if labels[2] < 0 <= labels[0]:
            expected = [0.0 if b < 1e-9 else np.clip(1 - within / b, 0, 1) for b in between] + [0.0]
            np.testing.assert_allclose(found, expected, atol=1e-6)
        else:
            assert found.tolist() == [float(labels[0] >= 0)] * 3


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(("labels", "expected"), [([0, 0], [1, 1]), ([-1, -1], [0, 0]), ([], [])])
def test_one_cluster_is_certain_and_none_is_not(labels, expected, metric):
    rows = np.eye(2)[: len(labels)]
    assert separation_confidence(rows, np.array(labels, dtype=np.int64), metric).tolist() == expected


@pytest.mark.parametrize("metric", METRICS)
def test_another_row_at_the_same_place_leaves_no_confidence(metric):
    rows = np.tile([0.3, 0.1, 0.7], (3, 1))
    assert separation_confidence(rows, np.array([0, 0, -1]), metric).tolist() == [0, 0, 0]
    assert separation_confidence(normalize_rows(rows), np.array([0, 0, 0]), metric).tolist() == [1, 1, 1]
