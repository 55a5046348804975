"""The parts of an audit against cases that can be counted by hand."""

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from analysis.audit.appearance import appearance
from analysis.audit.discriminants import discriminant_space, held_out_scores
from analysis.audit.neighbours import foreign_neighbours, weakest_cut
from analysis.audit.truth import agreement


def test_neighbours_are_on_other_photos_and_of_other_content():
    rows = np.array([[0.0], [0.1], [0.21], [0.3], [5.0]])
    groups, contents = np.array([0, 0, 1, 2, 3]), np.array(["a", "b", "a", "c", "d"])
    assert foreign_neighbours(rows, groups, contents, 2).tolist() == [[3, 4], [2, 3], [3, 1], [2, 1], [3, 2]]
    assert foreign_neighbours(rows[:2], groups[:2], contents[:2], 3).max() == -1


def test_the_weakest_cut_finds_two_cliques_and_counts_the_bridge():
    neighbours = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 4], [5, 6, 7], [4, 6, 7], [4, 5, 7], [4, 5, 6]])
    cut = weakest_cut(neighbours, least=2)
    assert cut.part.tolist() in ([True] * 4 + [False] * 4, [False] * 4 + [True] * 4)
    # Six edges within each clique and one between: 1 - 1 / 13.
    assert cut.separation == pytest.approx(1 - 1 / 13)
    assert weakest_cut(neighbours, least=5) is None
    assert weakest_cut(np.full((6, 3), -1), least=2) is None


def test_cuts_leave_points_without_neighbours_out():
    neighbours = np.array([[1, -1], [0, -1], [3, -1], [2, -1], [-1, -1]])
    cut = weakest_cut(neighbours, least=2)
    assert cut.connected.tolist() == [True, True, True, True, False]
    assert cut.separation == pytest.approx(1)
    assert cut.part.sum() == 2


def test_held_out_scores_are_those_of_discriminant_analysis(monkeypatch):
    monkeypatch.setattr("analysis.audit.discriminants.SHRINKAGE", 1e-6)
    generator = np.random.default_rng(0)
    labels, groups = np.repeat([0, 1, 2], 40), np.tile(np.arange(40), 3)
    rows = 2 * generator.normal(size=(3, 5))[labels] + generator.normal(size=(120, 5))
    scores = held_out_scores(rows, labels, groups, np.arange(120).astype(str))
    held = np.zeros(120, dtype=bool)
    held[groups == 7] = True
    place = np.random.default_rng(0).permutation(40) % 20
    train = place[groups] != place[7]
    oracle = LinearDiscriminantAnalysis(priors=[1 / 3] * 3, solver="lsqr").fit(rows[train], labels[train])
    ours = scores[held] - scores[held][:, :1]
    theirs = oracle.predict_log_proba(rows[held])
    # scikit-learn divides the covariance by n, we by n - c.
    count = train.sum()
    np.testing.assert_allclose(ours * count / (count - 3), theirs - theirs[:, :1], rtol=1e-3)


def test_copies_of_a_crop_do_not_judge_it():
    rows = np.random.default_rng(0).normal(size=(30, 4))
    labels, groups = np.repeat([0, 1], 15), np.arange(30)
    contents = np.array(["same"] * 15 + [f"other{number}" for number in range(15)])
    scores = held_out_scores(rows, labels, groups, contents)
    assert np.isnan(scores[:15, 0]).all()
    assert np.isfinite(scores[:15, 1]).all()


def test_the_discriminant_space_tells_classes_apart_in_every_direction():
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(6), 200)
    rows = 5 * generator.normal(size=(6, 8))[labels] + generator.normal(size=(1200, 8)) * np.linspace(0.5, 2, 8)
    space = discriminant_space(rows, labels, np.arange(1200), np.arange(1200).astype(str), dimensions=3)
    assert space.shape == (1200, 3)
    spread = max(space[labels == label].std(axis=0).max() for label in range(6))
    means = np.array([space[labels == label].mean(axis=0) for label in range(6)])
    assert np.ptp(means, axis=0).min() > 3 * spread


def test_a_mixture_does_not_count_as_spread():
    generator = np.random.default_rng(1)
    product = np.repeat(np.arange(6), 100)
    rows = 4 * generator.normal(size=(6, 8))[product] + generator.normal(size=(600, 8))
    labels = np.maximum(product - 1, 0)
    space = discriminant_space(rows, labels, np.arange(600), np.arange(600).astype(str))
    first, second = (space[product == number] for number in (0, 1))
    spread = first.std(axis=0).max()
    assert np.linalg.norm(first.mean(axis=0) - second.mean(axis=0)) > 4 * spread


def test_appearance_tells_colours_and_places():
    pictures = np.zeros((3, 64, 64, 3), dtype=np.uint8)
    pictures[0, :, :, 0] = pictures[1, :, :, 2] = 200
    pictures[2, :32, :, 0] = 200
    features = appearance(pictures)
    assert features.shape == (3, 848)
    assert np.isfinite(features).all()
    red_blue, red_half = np.linalg.norm(features[0] - features[1]), np.linalg.norm(features[0] - features[2])
    assert red_blue > red_half > 1
    with pytest.raises(ValueError, match="multiple of 8, got 60"):
        appearance(pictures[:, :60, :60])


def test_agreement_counts_hits_among_sure_and_listed():
    counted = agreement("mix", ["a", "b", "c"], [True, False, False], {"a", "c", "d"})
    assert counted.confident == (1, 1)
    assert counted.listed == (2, 3)
    assert "precision 0.67 (2/3), recall 0.67" in counted.describe()
    assert "precision    - (0/0), recall    -" in agreement("mix", [], [], set()).describe()
