"""Injected label noise in made-up features is found, and clean ones give no confident finding."""

import numpy as np
import pytest
from audit_samples import PHOTOS, PRODUCTS, audited, made_up

from analysis.audit.audit import audit, steps
from analysis.audit.samples import Samples


@pytest.mark.parametrize("seed", range(3))
def test_clean_data_gives_no_finding(seed):
    findings = audited(made_up(seed))
    assert not findings.duplicates
    assert not findings.mixtures
    assert not findings.mislabels
    assert not findings.copies.identical
    assert not len(findings.copies.near)
    assert findings.accuracy.low > 0.95
    assert findings.leakage.photo == findings.leakage.any == 1


def test_a_twin_that_shares_no_file_is_found():
    columns = made_up()
    on_later_photos = np.isin(columns["photos"], [f"photo{number}" for number in range(8, 16)])
    columns["labels"][(columns["labels"] == 3) & on_later_photos] = PRODUCTS
    pairs = audited(columns).duplicates
    assert [{pair.first, pair.second} for pair in pairs] == [{3, PRODUCTS}]
    assert pairs[0].confident
    assert pairs[0].shared == 0
    assert pairs[0].separability < 0.7


def test_names_that_meet_on_photos_are_not_confidently_one_product():
    columns = made_up()
    columns["labels"][np.flatnonzero(columns["labels"] == 3)[::2]] = PRODUCTS
    pairs = audited(columns).duplicates
    assert [{pair.first, pair.second} for pair in pairs] == [{3, PRODUCTS}]
    assert not pairs[0].confident
    assert pairs[0].together == PHOTOS


def test_a_twin_made_of_copies_is_found():
    columns = made_up()
    twin = np.flatnonzero(columns["labels"] == 2)
    columns = {name: np.concatenate([column, column[twin]]) for name, column in columns.items()}
    columns["labels"][-len(twin) :] = PRODUCTS
    findings = audited(columns)
    assert {findings.duplicates[0].first, findings.duplicates[0].second} == {2, PRODUCTS}
    assert findings.duplicates[0].confident
    assert findings.duplicates[0].shared == 1
    assert len(findings.copies.identical) == len(twin)
    assert findings.leakage.copy > 0.1


@pytest.mark.parametrize("pair", [(0, 1), (4, 6), (2, 7)])
def test_a_mixture_is_found_and_its_parts_are_the_products(pair):
    columns = made_up()
    truth = columns["labels"].copy()
    first, second = pair
    columns["labels"][truth == second] = first
    columns["labels"] = np.unique(columns["labels"], return_inverse=True)[1]
    mixtures = audited(columns).mixtures
    assert [mixture.label for mixture in mixtures] == [first]
    assert mixtures[0].separation > 0.99
    assert mixtures[0].gap > 0.5
    assert mixtures[0].together == PHOTOS
    assert sorted(tuple(np.unique(truth[part])) for part in mixtures[0].parts) == [(first,), (second,)]


def test_a_class_put_together_from_copies_of_others_is_a_mixture():
    columns = made_up()
    copied = np.flatnonzero(np.isin(columns["labels"], (1, 5)))[::3]
    columns = {name: np.concatenate([column, column[copied]]) for name, column in columns.items()}
    columns["labels"][-len(copied) :] = PRODUCTS
    findings = audited(columns)
    assert findings.mixtures[0].label == PRODUCTS
    assert {label for label, _ in findings.mixtures[0].sources} == {1, 5}
    assert not findings.duplicates


def test_mislabelled_crops_are_found():
    columns = made_up()
    wrong = np.array([5, 44, 230])
    truth = columns["labels"][wrong].copy()
    columns["labels"][wrong] = (truth + 3) % PRODUCTS
    found = audited(columns).mislabels
    assert {crop.row: crop.proposed for crop in found} == dict(zip(wrong.tolist(), truth.tolist(), strict=True))
    assert all(crop.confident for crop in found)


def test_classes_on_a_single_photo_are_unknown_and_not_accused():
    columns = made_up()
    columns["photos"][columns["labels"] == 0] = "elsewhere"
    findings = audited(columns)
    assert all(0 not in (pair.first, pair.second) for pair in findings.duplicates if pair.confident)
    assert all(crop.given != 0 or not crop.confident for crop in findings.mislabels)


def test_two_crops_of_two_classes_are_enough_to_run():
    columns = {name: column[[0, 40]] for name, column in made_up().items()}
    columns["labels"] = np.array([0, 1])
    findings = audited(columns)
    assert not [
        finding for finding in (*findings.duplicates, *findings.mixtures, *findings.mislabels) if finding.confident
    ]


def test_progress_is_told_as_announced():
    samples, calls = Samples(**made_up()), []
    audit(samples, lambda: calls.append(1))
    # As many folds as photos, of at most twenty.
    assert len(calls) == steps(samples)


def test_labels_with_gaps_and_unequal_columns_are_refused():
    columns = made_up()
    with pytest.raises(ValueError, match="without gaps"):
        Samples(**{**columns, "labels": columns["labels"] * 2})
    with pytest.raises(ValueError, match="of one length"):
        Samples(**{**columns, "photos": columns["photos"][1:]})
    columns["features"][7, 0] = np.nan
    with pytest.raises(ValueError, match="the first is row 7"):
        Samples(**columns)
