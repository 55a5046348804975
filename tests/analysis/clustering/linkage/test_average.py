"""Average linkage from centroids: the dendrogram of SciPy, whatever the rows and their order."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from analysis.clustering.distance import normalize_rows, pairwise_distance
from analysis.clustering.linkage import self_knn
from analysis.clustering.linkage.average import matrix_free_average_linkage
from analysis.clustering.linkage.knn import knn_candidates
from analysis.clustering.linkage.self_knn import self_knn_candidates
from analysis.clustering.result import renumber
from analysis.labels import as_singletons


def anywhere(num_rows, seed):
    return np.random.default_rng(seed).normal(size=(num_rows, 6))


def views(num_rows, seed):
    """Return products made of near-duplicate views, as crops of one photo are; neighbours in the list are alike."""
    generator = np.random.default_rng(seed)
    products = np.sort(generator.integers(0, max(num_rows // 6, 1), num_rows))
    centres, per_view = generator.normal(size=(2, num_rows, 12))
    view = 2 * products + generator.integers(0, 2, num_rows)
    return centres[products] + 0.5 * per_view[view % num_rows] + 0.1 * generator.normal(size=(num_rows, 12))


def copies(num_rows, seed):
    return views(num_rows, seed)[np.random.default_rng(seed).integers(0, num_rows, num_rows)]


def tree_of(rows, max_distance=2.0):
    return matrix_free_average_linkage(normalize_rows(np.asarray(rows, dtype=np.float64)), max_distance)


def cut_tree(oracle, threshold):
    groups = fcluster(oracle, threshold, criterion="distance")
    return np.where(np.bincount(groups)[groups] > 1, groups, -1)


def same_partition(first, second):
    return np.array_equal(renumber(as_singletons(first)), renumber(as_singletons(second)))


every_layout = pytest.mark.parametrize("layout", [anywhere, views, copies])
# Segments within a block as for few rows, and of several blocks as for 200,000.
segments_and_blocks = pytest.mark.parametrize(("num_segments", "block"), [(192, 512), (12, 8), (12, 75)])


@every_layout
@pytest.mark.parametrize("num_rows", [2, 3, 4, 17, 200, 900])
def test_same_tree_as_scipy(layout, num_rows):
    rows = layout(num_rows, num_rows)
    tree = tree_of(rows)
    oracle = linkage(squareform(pairwise_distance(rows, "cosine"), checks=False), "average")
    assert len(tree.distances) == num_rows - 1
    np.testing.assert_allclose(tree.distances, oracle[:, 2], atol=1e-9)
    for threshold in np.quantile(oracle[:, 2], [0.05, 0.2, 0.4, 0.6, 0.8, 0.95]) + 1e-7:
        expected = cut_tree(oracle, threshold)
        assert same_partition(tree.labels(threshold), expected)
        # Merging that ends at the threshold gives what a cut of the whole tree gives.
        assert same_partition(tree_of(rows, max_distance=threshold).labels(threshold), expected)


@every_layout
def test_nodes_are_numbered_as_in_scipy(layout):
    num_rows = 60
    tree = tree_of(layout(num_rows, 1))
    assert (np.diff(tree.distances) >= 0).all()
    assert (tree.children[:, 0] < tree.children[:, 1]).all()
    assert (tree.children[:, 1] < num_rows + np.arange(num_rows - 1)).all()
    assert np.array_equal(np.sort(tree.children.ravel()), np.arange(2 * num_rows - 2))
    sizes = np.concatenate([np.ones(num_rows, dtype=int), tree.sizes])
    assert np.array_equal(sizes[tree.children].sum(axis=1), tree.sizes)


@every_layout
def test_order_of_the_rows_does_not_matter(layout):
    rows = layout(300, 4)
    labels = tree_of(rows).labels(0.3)
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(rows))
        assert same_partition(tree_of(rows[order]).labels(0.3), labels[order])


def test_equal_rows_merge_at_no_distance():
    tree = tree_of(np.tile([0.3, -0.2, 0.0], (2000, 1)))
    assert tree.distances.tolist() == [0.0] * 1999
    assert (tree.labels(0.0) == 0).all()


@pytest.mark.parametrize("num_rows", [7, 500])
def test_rows_that_are_all_equally_far_merge_in_few_rounds(num_rows):
    # Without a rule for ties only two of them would merge per round.
    tree = tree_of(np.eye(num_rows))
    np.testing.assert_allclose(tree.distances, 1.0)
    assert (tree.labels(1.0 + 1e-9) == 0).all()
    assert (tree.labels(0.5) == -1).all()


def test_zero_rows_are_alike_and_unlike_all_others():
    rows = [[0.0, 0.0], [1.0, 0.0], [-0.0, 0.0], [1.0, 0.1]]
    assert same_partition(tree_of(rows).labels(0.5), [0, 1, 0, 1])
    oracle = linkage(squareform(pairwise_distance(rows, "cosine"), checks=False), "average")
    np.testing.assert_allclose(tree_of(rows).distances, oracle[:, 2], atol=1e-9)


def test_what_single_precision_cannot_tell_apart_is_still_in_order():
    # Distances differ in the ninth digit.
    angles = np.cumsum(1e-2 + 1e-8 * np.random.default_rng(0).permutation(40))
    rows = np.column_stack([np.cos(angles), np.sin(angles)])
    oracle = linkage(squareform(pairwise_distance(rows, "cosine"), checks=False), "average")
    for threshold in (oracle[[5, 15, 30], 2] + oracle[[6, 16, 31], 2]) / 2:
        assert same_partition(tree_of(rows).labels(threshold), cut_tree(oracle, threshold))


@pytest.mark.parametrize("num_columns", [1, 2, 30, 2500])
def test_candidates_leave_out_nothing_above_its_bound(num_columns):
    columns = normalize_rows(anywhere(num_columns, 3)).astype(np.float32)
    queries, own = columns[:20], np.arange(num_columns)[:20]
    found, bound = knn_candidates(queries, columns, own, 5)
    similarity = queries.astype(np.float64) @ columns.T.astype(np.float64)
    for query in range(len(queries)):
        listed = found[query][found[query] >= 0]
        assert own[query] not in listed
        rest = np.setdiff1d(np.arange(num_columns), [*listed, own[query]])
        assert similarity[query, rest].max(initial=-np.inf) <= bound[query]
        if num_columns > 1:
            assert similarity[query, listed].max() >= np.delete(similarity[query], own[query]).max() - 1e-6


@every_layout
@segments_and_blocks
@pytest.mark.parametrize("num_rows", [1, 2, 3, 30, 400])
@pytest.mark.parametrize("floor", [-np.inf, 0.6])
def test_candidates_among_each_other_leave_out_nothing_above_their_bound(
    layout, num_segments, block, num_rows, floor, monkeypatch
):
    monkeypatch.setattr(self_knn, "NUM_SEGMENTS", num_segments)
    monkeypatch.setattr(self_knn, "BLOCK_ROWS", block)
    rows = normalize_rows(layout(num_rows, 5)).astype(np.float32)
    found, bound = self_knn_candidates(rows, 5, floor)
    similarity = rows.astype(np.float64) @ rows.T.astype(np.float64)
    np.fill_diagonal(similarity, -np.inf)
    is_listed = np.zeros((num_rows, num_rows + 1), dtype=bool)
    np.put_along_axis(is_listed, found, True, axis=1)
    is_listed = is_listed[:, :num_rows]
    assert not is_listed.diagonal().any()
    assert (np.where(is_listed, -np.inf, similarity).max(axis=1) <= bound).all()
    nearest = similarity.max(axis=1)
    best_listed = np.where(is_listed, similarity, -np.inf).max(axis=1)
    wanted = nearest >= floor
    assert (best_listed[wanted] >= nearest[wanted] - 1e-6).all()
    # What is below the floor is known to be.
    assert (bound[~wanted] < floor).all()


@every_layout
@segments_and_blocks
@pytest.mark.parametrize("max_distance", [0.3, 2.0])
def test_same_tree_whatever_the_blocks(layout, num_segments, block, max_distance, monkeypatch):
    rows = layout(400, 6)
    expected = tree_of(rows, max_distance=max_distance)
    monkeypatch.setattr(self_knn, "NUM_SEGMENTS", num_segments)
    monkeypatch.setattr(self_knn, "BLOCK_ROWS", block)
    tree = tree_of(rows, max_distance=max_distance)
    assert np.array_equal(tree.children, expected.children)
    np.testing.assert_allclose(tree.distances, expected.distances, atol=1e-12)


@segments_and_blocks
def test_of_many_equally_near_pairs_a_nearest_one_merges(num_segments, block, monkeypatch):
    monkeypatch.setattr(self_knn, "NUM_SEGMENTS", num_segments)
    monkeypatch.setattr(self_knn, "BLOCK_ROWS", block)
    # Each row has 14 others at distance 0.5 and 21 at distance 1.
    rows = np.array([[(i == a) + (i == b) for i in range(9)] for a in range(9) for b in range(a)])
    tree = tree_of(rows)
    distance = pairwise_distance(rows, "cosine")
    members = {node: [node] for node in range(len(rows))}
    for merge, (first, second) in enumerate(tree.children):
        apart = [[distance[np.ix_(a, b)].mean() for b in members.values()] for a in members.values()]
        np.fill_diagonal(apart := np.array(apart), np.inf)
        assert tree.distances[merge] == pytest.approx(apart.min(), abs=1e-9)
        a, b = members.pop(first), members.pop(second)
        assert tree.distances[merge] == pytest.approx(distance[np.ix_(a, b)].mean(), abs=1e-9)
        members[len(rows) + merge] = a + b
    assert len(members) == 1
