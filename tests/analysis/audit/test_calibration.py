"""Findings are confident only where they stand out, and where such findings were right on injected errors."""

import numpy as np
import pytest
from audit_samples import audited, made_up

from analysis.audit.mislabels import Mislabel
from analysis.audit.reliability.calibration import Findings, Tally, acted_on, calibrate
from analysis.audit.reliability.injection import inject
from analysis.audit.reliability.outliers import outstanding
from analysis.audit.samples import Samples


def test_what_lies_far_beyond_the_rest_stands_out():
    ordinary = np.random.default_rng(0).exponential(size=100)
    scores = np.append(ordinary, [20.0, 22.0])
    assert np.flatnonzero(outstanding(scores, 10)).tolist() == [100, 101]


@pytest.mark.parametrize("draw", ["exponential", "standard_normal", "random"])
def test_ordinary_scores_hardly_ever_stand_out(draw):
    generator = np.random.default_rng(0)
    alarms = [outstanding(getattr(generator, draw)(size=60), 15).any() for _ in range(100)]
    assert np.mean(alarms) <= 0.06


@pytest.mark.parametrize("scores", [[], [1.0], [1.0, 2.0], [3.0] * 50, [-np.inf] * 50, [*range(10), 99.0]])
def test_nothing_stands_out_of_few_or_equal_scores(scores):
    assert not outstanding(np.array(scores), 5).any()


def test_injected_errors_are_those_that_are_told():
    columns = made_up()
    samples = Samples(**columns)
    noise = inject(samples, seed=1, share=0.2, wrong=0.03)
    twins, mixtures, wrong = noise.truth()
    assert (len(noise.twins), len(mixtures), len(wrong)) == (2, 2, round(0.03 * len(samples)))
    kept = np.setdiff1d(np.arange(len(samples)), list(wrong))
    for twin in twins:
        assert len(twin) == 1
    for pair in noise.twins:
        assert len(np.unique(columns["labels"][kept][np.isin(noise.labels[kept], list(pair))])) == 1
        photos = [set(columns["photos"][kept][noise.labels[kept] == label]) for label in pair]
        assert not photos[0] & photos[1]
    for label in noise.mixtures:
        assert len(np.unique(columns["labels"][kept][noise.labels[kept] == label])) == 2


@pytest.mark.parametrize("seed", range(2))
def test_features_that_tell_nothing_change_nothing(seed):
    columns = made_up()
    columns["features"] = np.random.default_rng(seed).normal(size=columns["features"].shape)
    findings = audited(columns)
    assert findings.accuracy.high < 0.25
    assert not any(tally.holds for tally in findings.tallies)
    assert not any(item.confident for item in (*findings.duplicates, *findings.mixtures, *findings.mislabels))


def test_ranges_of_look_alikes_are_not_merged():
    """Twelve products of four brands, of which the features see the brand alone."""
    columns = made_up()
    brand = columns["features"].reshape(4, 3, -1, columns["features"].shape[1])
    generator = np.random.default_rng(0)
    columns["features"] = (brand.mean(axis=(1, 2), keepdims=True) + generator.normal(size=brand.shape)).reshape(
        columns["features"].shape
    )
    pairs = audited(columns).duplicates
    assert len(pairs) >= 4
    assert not any(pair.confident for pair in pairs)


def test_a_kind_holds_if_some_are_right_and_a_twentieth_wrong():
    assert Tally(40, 19, 1).holds
    assert not Tally(40, 18, 1).holds
    assert not Tally(40, 0, 0).holds


def mislabels(rows, evidence):
    return [Mislabel(row, 0, 1, 1.0, True, evidence, 1.0, 1.0) for row in rows]


@pytest.mark.parametrize(("others", "confident"), [(0, [True, False]), (10, [False, False])])
def test_crops_are_acted_on_if_as_sure_as_injected_errors_and_those_alone(others, confident):
    samples, seeds = Samples(**made_up()), iter(range(3))

    def find(_):
        seed = next(seeds)
        wrong = inject(samples, seed).wrong
        hard = [row for row in range(10 + seed * others, 10 + (seed + 1) * others) if row not in wrong]
        return Findings([], [], mislabels(wrong, 3.0) + mislabels(hard, 3.2))

    clean = Findings([], [], [*mislabels([0], 3.5), *mislabels([1], 2.0)])
    assert [crop.confident for crop in acted_on(clean, calibrate(samples, clean, find)).mislabels] == confident
