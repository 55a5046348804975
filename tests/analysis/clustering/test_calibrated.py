import numpy as np
import pytest

from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.clustering.calibrated import CalibratedClustering, _middle_of_plateau
from analysis.measures.agreement import bcubed


def scene(seed, spread=0.15, products=6, items=5):
    """Return items around the corners of a simplex, with labels."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(products), items)
    return np.eye(16)[labels] + spread * rng.standard_normal((len(labels), 16)), labels


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "manhattan"])
def test_the_threshold_groups_other_scenes_of_the_same_kind(metric):
    clustering = CalibratedClustering(metric)
    clustering.calibrate([scene(seed) for seed in range(5)])
    for seed in range(10, 15):
        rows, labels = scene(seed)
        assert bcubed(labels, clustering.fit(rows).labels)[2] > 0.95


def test_no_threshold_on_a_fine_grid_scores_clearly_better():
    scenes = [scene(seed, spread=0.45) for seed in range(4)]

    def score(threshold):
        clustering = AgglomerativeClustering(distance_threshold=threshold)
        return np.mean([bcubed(labels, clustering.fit(rows).labels)[2] for rows, labels in scenes])

    best = max(score(threshold) for threshold in np.linspace(0.01, 1.2, 120))
    assert score(CalibratedClustering().calibrate(scenes)) > best - 0.02


def test_it_is_average_linkage_at_the_fitted_threshold():
    clustering = CalibratedClustering()
    threshold = clustering.calibrate([scene(0)])
    rows, _ = scene(1)
    expected = AgglomerativeClustering(distance_threshold=threshold).fit(rows).labels
    np.testing.assert_array_equal(clustering.fit(rows).labels, expected)
    np.testing.assert_array_equal(CalibratedClustering(distance_threshold=threshold).fit(rows).labels, expected)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([0, 1, 1, 1, 0], 2), ([1], 0), ([1, 1, 1, 1], 1), ([0, 0.999, 0.9, 1, 0.998, 0.997, 0], 4)],
)
def test_the_middle_of_the_plateau_around_the_best_is_taken(scores, expected):
    assert _middle_of_plateau(np.array(scores, dtype=float)) == expected


def test_scenes_of_one_item_say_nothing():
    with pytest.raises(ValueError, match="a labelled scene of at least two items, got 2 without"):
        CalibratedClustering().calibrate([(np.ones((1, 3)), [0]), (np.zeros((0, 3)), [])])
    with pytest.raises(ValueError, match="has not been calibrated"):
        CalibratedClustering().fit(np.eye(3))


def test_scenes_of_one_product_or_equal_rows_are_fine():
    clustering = CalibratedClustering()
    clustering.calibrate([(np.ones((4, 3)), [0, 0, 0, 0])])
    assert clustering.fit(np.ones((3, 3))).labels.tolist() == [0, 0, 0]


def test_every_source_counts_alike():
    tight, wide = [scene(0, spread=0.05)], [scene(20, spread=0.45)]
    once = CalibratedClustering().calibrate(tight + wide)
    assert CalibratedClustering().calibrate(tight * 9 + wide) != once
    repeated = CalibratedClustering().calibrate(tight * 9 + wide, ["a"] * 9 + ["b"])
    assert repeated == once
