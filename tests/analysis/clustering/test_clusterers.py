"""What every clusterer owes: defined results on the smallest inputs, and the same groups in any order."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.clustering.density import DensityClustering
from analysis.clustering.distance import METRICS
from analysis.clustering.result import ClusteringResult
from analysis.clustering.two_pass import TwoPassClustering
from analysis.labels import as_singletons

THRESHOLDS = {"cosine": 0.2, "euclidean": 0.6, "manhattan": 1.6}
BUILDERS = [
    lambda metric: TwoPassClustering(metric),
    lambda metric: DensityClustering(metric),
    lambda metric: AgglomerativeClustering(metric, distance_threshold=THRESHOLDS[metric]),
]
every_clusterer = pytest.mark.parametrize("build", BUILDERS, ids=["two_pass", "density", "agglomerative"])
every_metric = pytest.mark.parametrize("metric", METRICS)


def blobs(sizes, seed=0, spread=0.05):
    """Return unit vectors around well separated axes, and the product of each."""
    generator = np.random.default_rng(seed)
    products = np.repeat(np.arange(len(sizes)), sizes)
    rows = np.eye(16)[products] + spread * generator.normal(size=(len(products), 16))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), products


@every_clusterer
@every_metric
def test_no_point_and_one_point(build, metric):
    for num_rows in (0, 1):
        result = build(metric).fit(np.ones((num_rows, 4), np.float32))
        assert isinstance(result, ClusteringResult)
        assert result.labels.tolist() == [-1] * num_rows


@every_clusterer
@every_metric
@pytest.mark.parametrize("num_rows", [2, 3, 7, 40])
def test_equal_points_are_one_product(build, metric, num_rows):
    result = build(metric).fit(np.tile([0.3, 0.1, 0.7], (num_rows, 1)))
    assert result.labels.tolist() == [0] * num_rows
    assert (result.passes > 0).all()
    assert (result.confidence == 1).all()


@every_clusterer
@every_metric
@pytest.mark.parametrize("num_rows", [2, 3, 5])
def test_few_different_points_have_a_result(build, metric, num_rows):
    result = build(metric).fit(np.eye(num_rows, 8))
    assert result.labels.shape == (num_rows,)


@every_metric
def test_agglomeration_leaves_different_points_alone(metric):
    result = BUILDERS[2](metric).fit(np.eye(12))
    assert (result.labels == -1).all()
    assert (result.confidence == 0).all()


@every_clusterer
@every_metric
def test_clear_products_are_found(build, metric):
    rows, products = blobs([12, 8, 8, 5])
    result = build(metric).fit(rows)
    placed = result.labels >= 0
    assert adjusted_rand_score(products, as_singletons(result.labels)) > 0.8
    # No cluster mixes two products.
    assert all(len(np.unique(products[placed & (result.labels == k)])) == 1 for k in range(result.num_clusters))
    assert result.confidence[placed].mean() > 0.5


@every_clusterer
def test_identical_rows_stay_together_among_others(build):
    rows, _ = blobs([10, 6, 1, 1], spread=0.15)
    labels = build("cosine").fit(np.repeat(rows, 2, axis=0)).labels
    assert np.array_equal(labels[::2], labels[1::2])
    assert (labels >= 0).all()


@every_clusterer
@pytest.mark.parametrize("seed", [1, 36, 109])
def test_copies_of_one_crop_are_never_parted(build, seed):
    # Scenes on which HDBSCAN or OPTICS alone part copies, found by trying 200.
    generator = np.random.default_rng(seed)
    distinct = generator.normal(size=(25, 6))
    which = generator.integers(0, 25, 40)
    labels = build("cosine").fit(distinct[which]).labels
    for crop in range(25):
        copies = labels[which == crop]
        assert len(copies) < 2 or copies[0] >= 0
        assert len(set(copies.tolist())) <= 1


@pytest.mark.parametrize("build", BUILDERS[1:], ids=["density", "agglomerative"])
@every_metric
def test_order_of_the_points_does_not_matter(build, metric):
    # The two-pass method is left out: with hdbscan's own min_samples its ties are broken by order.
    rows, _ = blobs([9, 7, 4, 3, 1, 1], spread=0.12)
    labels = as_singletons(build(metric).fit(rows).labels)
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(rows))
        shuffled = as_singletons(build(metric).fit(rows[order]).labels)
        assert adjusted_rand_score(labels[order], shuffled) == 1


@every_clusterer
def test_input_is_checked_and_not_changed(build):
    rows, _ = blobs([4, 3])
    before = rows.copy()
    build("cosine").fit(rows)
    assert np.array_equal(rows, before)
    with pytest.raises(ValueError, match="row 2"):
        build("cosine").fit(np.where(np.arange(7)[:, None] == 2, np.nan, rows))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: TwoPassClustering("angle"), "'angle'"),
        (lambda: TwoPassClustering(min_cluster_size=1), "min_cluster_size .* got 1"),
        (lambda: DensityClustering(min_samples=0), "min_samples .* got 0"),
        (lambda: DensityClustering(min_cluster_size=2.5), r"got 2\.5"),
        (lambda: AgglomerativeClustering(distance_threshold=None), "distance_threshold .* got None"),
        (lambda: AgglomerativeClustering(distance_threshold=-0.1), r"got -0\.1"),
        (lambda: AgglomerativeClustering(distance_threshold=float("nan")), "got nan"),
    ],
)
def test_arguments_out_of_range_are_named(build, message):
    with pytest.raises(ValueError, match=message):
        build()
