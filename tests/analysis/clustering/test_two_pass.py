import hdbscan
import numpy as np
import pytest
from sklearn.cluster import OPTICS
from sklearn.metrics import adjusted_rand_score

from analysis.clustering.distance import pairwise_distance
from analysis.clustering.two_pass import TwoPassClustering


def random_scene(seed, num_rows=60):
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(20, 12))
    rows = centres[generator.zipf(1.6, num_rows) % 20] + 0.4 * generator.normal(size=(num_rows, 12))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def as_in_the_report(rows):
    """Run the original report's steps; None where they fail, which is where the first pass leaves at most one point."""
    labels = hdbscan.HDBSCAN(min_cluster_size=2, metric="precomputed").fit(pairwise_distance(rows, "cosine")).labels_
    first = labels.copy()
    noise = labels == -1
    if noise.sum() < 2:
        return first, None
    second = OPTICS(min_samples=2, metric="cosine").fit(rows[noise]).labels_
    labels[noise] = np.where(second >= 0, second + labels.max() + 1, -1)
    return first, labels


@pytest.mark.parametrize("seed", range(8))
def test_same_groups_as_the_report(seed):
    rows = random_scene(seed)
    first, expected = as_in_the_report(rows)
    result = TwoPassClustering().fit(rows)
    assert expected is not None
    assert adjusted_rand_score(expected, result.labels) == 1
    assert np.array_equal(result.labels == -1, expected == -1)
    assert np.array_equal(result.passes == 1, first >= 0)
    assert (result.passes == 2).any()


def test_first_pass_without_noise_is_no_failure():
    rows = np.repeat(np.eye(4), 8, axis=0) + 0.01 * np.random.default_rng(3).normal(size=(32, 4))
    cleaned = rows[TwoPassClustering().fit(rows).passes == 1]
    results = [TwoPassClustering().fit(cleaned), TwoPassClustering().fit(np.vstack([cleaned, [[1, 1, 1, 1]]]))]
    assert all(result.num_clusters >= 4 for result in results)


def test_a_pair_among_the_noise_is_retrieved_by_the_second_pass():
    generator = np.random.default_rng(0)
    rows = np.vstack([np.repeat(np.eye(12)[:2], 10, axis=0), np.repeat(np.eye(12)[2:4], 2, axis=0), np.eye(12)[4:9]])
    result = TwoPassClustering("euclidean", min_cluster_size=5).fit(rows + 0.02 * generator.normal(size=rows.shape))
    assert result.passes[:20].tolist() == [1] * 20
    for pair in (result.labels[20:22], result.labels[22:24]):
        assert pair[0] == pair[1] >= 0
    assert result.passes[20:24].tolist() == [2] * 4
    assert (result.confidence[20:24] > 0.5).all()
