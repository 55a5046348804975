"""The door to average linkage: the same dendrogram by either way, for every metric."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage

from analysis.clustering.linkage import tree as module
from analysis.clustering.linkage.tree import average_linkage_tree

SCIPY_NAMES = {"cosine": "cosine", "euclidean": "euclidean", "manhattan": "cityblock"}


@pytest.mark.parametrize("dense_limit", [0, 1500])
@pytest.mark.parametrize("metric", SCIPY_NAMES)
@pytest.mark.parametrize("num_rows", [2, 3, 50])
def test_same_merges_as_scipy(metric, num_rows, dense_limit, monkeypatch):
    monkeypatch.setattr(module, "DENSE_LIMIT", dense_limit)
    rows = np.random.default_rng(num_rows).normal(size=(num_rows, 5))
    tree, oracle = average_linkage_tree(rows, metric), linkage(rows, "average", SCIPY_NAMES[metric])
    assert tree.num_items == num_rows
    np.testing.assert_allclose(tree.distances, oracle[:, 2], atol=1e-12)
    assert np.array_equal(tree.children, oracle[:, :2])
    assert np.array_equal(tree.sizes, oracle[:, 3])


@pytest.mark.parametrize("num_rows", [0, 1])
@pytest.mark.parametrize("metric", SCIPY_NAMES)
def test_too_few_rows_to_merge(num_rows, metric):
    tree = average_linkage_tree(np.ones((num_rows, 3)), metric)
    assert len(tree.distances) == len(tree.sizes) == len(tree.children) == 0
    assert tree.labels(1.0).tolist() == [-1] * num_rows


def test_many_rows_need_no_matrix(monkeypatch):
    monkeypatch.setattr(module, "pairwise_distance", None)
    rows = np.random.default_rng(0).normal(size=(module.DENSE_LIMIT + 1, 4))
    assert len(average_linkage_tree(rows, "cosine").distances) == module.DENSE_LIMIT
    assert len(average_linkage_tree(rows, "cosine", max_distance=1e-4).distances) < module.DENSE_LIMIT


def test_an_unknown_metric_and_a_bad_row_are_named():
    with pytest.raises(ValueError, match="'angle'"):
        average_linkage_tree(np.eye(3), "angle")
    with pytest.raises(ValueError, match="row 1"):
        average_linkage_tree([[0.0], [np.inf]], "cosine")
