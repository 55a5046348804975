import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import pdist

from analysis.clustering.agglomerative import cut_tree
from analysis.clustering.cut_scores import bcubed_of_cuts
from analysis.measures.grouping import bcubed


def check(tree, labels):
    thresholds = np.concatenate([[-1, 0], tree[:, 2], tree[:, 2] + 1e-6, [tree[-1, 2] + 1]])
    expected = [bcubed(labels, cut_tree(tree, threshold))[2] for threshold in thresholds]
    np.testing.assert_allclose(bcubed_of_cuts(tree, labels, thresholds), expected, atol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_scores_are_those_of_every_cut_on_its_own(seed):
    generator = np.random.default_rng(seed)
    count = int(generator.integers(2, 30))
    rows = generator.integers(0, 4, (count, 3)).astype(float) if seed % 2 else generator.standard_normal((count, 3))
    check(linkage(rows, "average"), generator.integers(-1, 6, count))


@pytest.mark.parametrize("labels", [[0, 0], [0, 1], [-1, -1], [5, 5, 5], [2, 7, 2]])
def test_few_and_equal_items(labels):
    for rows in (np.zeros((len(labels), 1)), np.arange(len(labels))[:, None]):
        check(linkage(pdist(rows), "average"), np.array(labels))
