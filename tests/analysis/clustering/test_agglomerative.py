import numpy as np
import pytest
from sklearn.cluster import AgglomerativeClustering as SklearnAgglomerative
from sklearn.metrics import adjusted_rand_score

from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.labels import as_singletons


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.7])
def test_same_groups_as_sklearn(threshold):
    rows = np.random.default_rng(5).normal(size=(80, 4))
    oracle = SklearnAgglomerative(None, metric="cosine", linkage="average", distance_threshold=threshold).fit(rows)
    result = AgglomerativeClustering(distance_threshold=threshold).fit(rows)
    assert adjusted_rand_score(oracle.labels_, as_singletons(result.labels)) == 1
    assert (result.labels == -1).sum() == (np.bincount(oracle.labels_) == 1).sum()


def test_groups_exactly_at_the_threshold_merge():
    rows = [[0.0], [1.0], [3.5]]
    assert AgglomerativeClustering("euclidean", distance_threshold=1.0).fit(rows).labels.tolist() == [0, 0, -1]
    assert AgglomerativeClustering("euclidean", distance_threshold=0.99).fit(rows).labels.tolist() == [-1, -1, -1]


def test_threshold_zero_joins_identical_rows_only():
    rows = np.random.default_rng(0).normal(size=(6, 5))[[0, 1, 0, 2, 1, 3]]
    result = AgglomerativeClustering(distance_threshold=0).fit(rows)
    assert result.labels.tolist() == [0, 1, 0, -1, 1, -1]
