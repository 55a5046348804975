import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from analysis.clustering.distance import pairwise_distance
from analysis.clustering.separation import separation_confidence
from analysis.measures.grouping import as_singletons


def test_equals_the_clipped_silhouette():
    generator = np.random.default_rng(2)
    labels = generator.integers(-1, 8, size=40)
    rows = np.eye(9)[labels] + 0.3 * generator.normal(size=(40, 9))
    distance = pairwise_distance(rows, "euclidean")
    oracle = silhouette_samples(distance, as_singletons(labels), metric="precomputed")
    assert (oracle[labels >= 0] > 0.1).any()
    assert (oracle[labels >= 0] < 0).any()
    np.testing.assert_allclose(separation_confidence(distance, labels), np.clip(oracle, 0, 1), atol=1e-12)


@pytest.mark.parametrize(("labels", "expected"), [([0, 0], [1, 1]), ([-1, -1], [0, 0]), ([], [])])
def test_one_cluster_is_certain_and_none_is_not(labels, expected):
    distance = 1.0 - np.eye(len(labels))
    assert separation_confidence(distance, np.array(labels, dtype=np.int64)).tolist() == expected


def test_a_stranger_at_the_same_place_leaves_no_confidence():
    assert separation_confidence(np.zeros((3, 3)), np.array([0, 0, -1])).tolist() == [0, 0, 0]
