import numpy as np
import pytest

from analysis.clustering.cut_scores import bcubed_of_cuts
from analysis.clustering.linkage.tree import average_linkage_tree
from analysis.measures.agreement import bcubed


def check(tree, labels):
    thresholds = np.concatenate([[-1, 0], tree.distances, tree.distances + 1e-6, [tree.distances[-1] + 1]])
    expected = [bcubed(labels, tree.labels(threshold))[2] for threshold in thresholds]
    np.testing.assert_allclose(bcubed_of_cuts(tree, labels, thresholds), expected, atol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_scores_are_those_of_every_cut_on_its_own(seed):
    generator = np.random.default_rng(seed)
    count = int(generator.integers(2, 30))
    rows = generator.integers(0, 4, (count, 3)).astype(float) if seed % 2 else generator.standard_normal((count, 3))
    check(average_linkage_tree(rows, "euclidean"), generator.integers(-1, 6, count))


@pytest.mark.parametrize("labels", [[0, 0], [0, 1], [-1, -1], [5, 5, 5], [2, 7, 2]])
def test_few_and_equal_items(labels):
    for rows in (np.zeros((len(labels), 1)), np.arange(len(labels))[:, None]):
        check(average_linkage_tree(rows, "euclidean"), np.array(labels))
