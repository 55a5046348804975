"""The verdicts on claims: what is taken in and kept, and what is said of it."""

import csv

import numpy as np
import pytest
from support import ROOT, compose_config

from scripts import claims
from scripts.claim_verdicts.measured import collect, read_kept
from scripts.pages.csv_table import write_csv

COLUMNS = ("run", "seed", "source", "photo", "ari", "seen_ari", "unseen_ari", "bcubed_f")


def write_side(folder, mean, seeds=(0, 1), folds=3, name="experiment-claims_fold-{}"):
    draws = np.random.default_rng(int(1000 * mean))
    photos = [(fold, f"folder/photo{fold}{number}.jpg") for fold in range(folds) for number in range(8)]
    rows = [
        (name.format(fold), seed, "detergents", photo, mean + draws.normal(0, 0.02), "", mean, 0.9)
        for seed in seeds
        for fold, photo in photos
    ]
    write_csv(folder / "photos.csv", COLUMNS, rows)


def judged(*overrides):
    claims.main.__wrapped__(compose_config(list(overrides), name="claims"))


def verdicts(folder):
    return list(csv.DictReader((folder / "verdicts.csv").read_text().splitlines()))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder with the results of a claim that is clearly so, and of one that is clearly not."""
    folder = tmp_path_factory.mktemp("claims")
    for side, mean in (("cosine/lr-1", 0.5), ("cosine/lr-2", 0.9), ("linear", 0.7), ("linear_normalized", 0.8)):
        write_side(folder / "runs/head" / side, mean)
    write_side(folder / "runs/erasing/erasing", 0.8)
    write_side(folder / "runs/erasing/plain", 0.85)
    judged(f"runs={folder}/runs", f"output_dir={folder}/kept")
    return folder / "kept"


def test_each_side_is_taken_at_its_best_and_every_comparison_has_a_line(kept):
    lines = verdicts(kept)
    assert [(line["number"], line["verdict"]) for line in lines] == [
        ("1", "supported"),
        ("1", "supported"),
        ("10", "contradicted"),
    ]
    assert float(lines[0]["difference"]) == pytest.approx(0.2, abs=0.02)
    assert (lines[0]["photos"], lines[0]["seeds"]) == ("24", "2")
    assert float(lines[0]["low"]) < 0.2 < float(lines[0]["high"]) + 0.02
    for name in ("head", "erasing"):
        assert (kept / f"{name}.png").stat().st_size < 300_000


def test_what_is_kept_gives_the_same_verdicts_again_and_what_is_missing_is_listed(kept, tmp_path, capsys):
    for path in kept.glob("[a-u]*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    judged(f"output_dir={tmp_path}")
    assert (tmp_path / "verdicts.csv").read_bytes() == (kept / "verdicts.csv").read_bytes()
    told = capsys.readouterr().out
    assert "1. The cosine head" in told
    assert "not run: lambda, of which small, large must be measured" in told


def test_photos_are_kept_by_name_alone_and_with_the_fold_that_they_were_held_out_in(kept):
    rows = read_kept(kept / "erasing.csv")
    assert {row["photo"] for row in rows} == {f"photo{fold}{number}.jpg" for fold in range(3) for number in range(8)}
    assert {row["fold"] for row in rows} == {"0", "1", "2"}


def test_a_run_of_no_fold_is_refused(tmp_path):
    write_side(tmp_path / "plain", 0.5, name="all")
    with pytest.raises(ValueError, match="does not say which fold"):
        collect(tmp_path)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["runs=/nowhere"], "no folder"),
        (["runs={folder}"], "no CLAIM/SIDE/photos.csv"),
        ([], "no CLAIM.csv"),
    ],
)
def test_mistakes_are_named(overrides, message, tmp_path, capsys):
    typed = [item.format(folder=tmp_path) for item in overrides]
    with pytest.raises(SystemExit):
        judged(*typed, f"output_dir={tmp_path}")
    assert message in capsys.readouterr().err


def test_a_side_that_was_not_measured_is_named(tmp_path, capsys):
    write_side(tmp_path / "runs/erasing/erasing", 0.8)
    judged(f"runs={tmp_path}/runs", f"output_dir={tmp_path}")
    assert verdicts(tmp_path) == []
    assert "not run: erasing, of which plain must be measured" in capsys.readouterr().out


def test_sides_without_a_photo_in_common_are_refused(tmp_path, capsys):
    write_side(tmp_path / "runs/erasing/erasing", 0.8, folds=1)
    write_side(tmp_path / "runs/erasing/plain", 0.8, seeds=(7,))
    with pytest.raises(SystemExit):
        judged(f"runs={tmp_path}/runs", f"output_dir={tmp_path}")
    assert "erasing and plain have no photo and seed in common" in capsys.readouterr().err


def test_two_settings_in_one_folder_are_refused(tmp_path, capsys):
    for side in ("erasing", "plain"):
        write_side(tmp_path / "runs/erasing" / side, 0.8, seeds=(0, 0))
    with pytest.raises(SystemExit):
        judged(f"runs={tmp_path}/runs", f"output_dir={tmp_path}")
    assert "was measured twice with seed 0; each setting of a side needs a folder" in capsys.readouterr().err


def test_every_claim_has_an_experiment_that_says_how_to_measure_it():
    for name in compose_config([], name="claims").claims:
        header = (ROOT / f"conf/experiment/claims/{name}.yaml").read_text()
        assert "# Costs" in header, name
        assert "# Decides" in header, name
        cfg = compose_config([f"+experiment=claims/{name}", "output_dir=unused"])
        assert (cfg.head.margin, cfg.module.feature_dir) == (0, "cache"), name
