"""Evaluating checkpoints from the command line."""

import csv
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from support import QUICK, compose_config

from analysis.measures.per_photo import measure_photo
from datamodules.scene import Scene
from lightning_modules.recipe import Recipe
from scripts import evaluate
from scripts.evaluation.checkpoints import Trained, find_checkpoints, study_names
from scripts.evaluation.photos import PhotoResult
from scripts.evaluation.pictures import draw_worst
from scripts.evaluation.summary import fold_studies, worst_photos
from train import train

COLOURS = {"tea": (200, 40, 40), "cola": (40, 40, 200), "milk": (230, 230, 220), "mint": (40, 160, 60)}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Six photos of plain packages in four colours; mint stands on the last two only."""
    folder = tmp_path_factory.mktemp("shop")
    generator = np.random.default_rng(0)
    for number in range(6):
        names = ["tea", "cola", "milk", "mint" if number > 3 else "tea"] * 2
        photo = generator.integers(60, 120, (110, 320, 3)).astype(np.uint8)
        lines = ["x1,y1,x2,y2,label"]
        for place, name in enumerate(names):
            photo[10:100, 40 * place + 4 : 40 * place + 36] = COLOURS[name] + generator.integers(-20, 20, (90, 32, 3))
            lines.append(f"{40 * place + 4},10,{40 * place + 36},100,{name}")
        Image.fromarray(photo).save(folder / f"p{number}.png")
        (folder / f"p{number}.csv").write_text("\n".join(lines))
    return folder


@pytest.fixture(scope="module")
def sweep(shop, cache_dir, tmp_path_factory):
    """Three folds of one seed, and one fold of another, as a sweep leaves them."""
    folder = tmp_path_factory.mktemp("sweep")
    data = ["data=photos", f"data.root={shop}", "data.folds=3", f"cache_dir={cache_dir}"]
    for fold, seed in ((0, 0), (1, 0), (2, 0), (0, 1)):
        own = [f"data.fold={fold}", f"seed={seed}", f"output_dir={folder}/fold{fold}-seed{seed}"]
        train(compose_config([*QUICK, *data, *own]))
    return folder


def run(tmp_path, *overrides):
    """Run the command; return the rows of photos.csv and the record."""
    overrides = [*overrides, f"output_dir={tmp_path}/out"]
    evaluate.main.__wrapped__(compose_config(overrides, name="evaluate"))
    with (tmp_path / "out/photos.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    return rows, json.loads((tmp_path / "out/evaluation.json").read_text())


def test_a_run_is_measured_as_its_training_measured_it(sweep, tmp_path, cache_dir):
    checkpoint = sweep / "fold0-seed0/checkpoints/last.ckpt"
    rows, record = run(tmp_path, f"checkpoint={checkpoint}", f"cache_dir={cache_dir}", "worst=0")
    logged = json.loads((sweep / "fold0-seed0/result.json").read_text())["measures"]
    assert len(rows) == 2
    (study,) = record["studies"]
    for part, measures in study["parts"].items():
        for name in ("ari", "ami", "bcubed_f", "pairwise_f", "cluster_count_error"):
            assert measures[name]["mean"] == pytest.approx(logged[f"grouping_{part}/{name}"], abs=1e-6)
            assert measures[name]["low"] <= measures[name]["mean"] <= measures[name]["high"]
    assert float(rows[0]["ari"]) + float(rows[1]["ari"]) == pytest.approx(2 * logged["grouping_all/ari"], abs=1e-5)


def test_every_photo_is_measured_by_the_run_that_held_it_back(sweep, tmp_path, cache_dir, capsys):
    rows, record = run(tmp_path, f"runs={sweep}", f"cache_dir={cache_dir}", "worst=2")
    assert sorted(row["photo"] for row in rows if row["seed"] == "0") == [f"p{number}" for number in range(6)]
    held = {(row["run"], row["photo"]) for row in rows}
    again = {photo for name, photo in held if name == "fold0-seed1"}
    assert again == {photo for name, photo in held if name == "fold0-seed0"}
    (study,) = record["studies"]
    assert (study["seeds"], len(study["runs"]), study["parts"]["all"]["ari"]["photos"]) == (["0", "1"], 4, 6)
    assert study["parts"]["all"]["ari"]["spread"] is not None
    for item in record["worst"]:
        own = [float(row["ari"]) for row in rows if row["photo"] == item["photo"]]
        assert item["ari"] == pytest.approx(min(own), abs=1e-6)
    assert len(list((tmp_path / "out/worst").glob("*.png"))) == 2
    printed = capsys.readouterr().out
    assert "seeds 0, 1" in printed
    assert "worst: ARI" in printed


def test_other_photos_and_another_clustering(sweep, shop, tmp_path, cache_dir, capsys):
    checkpoint = sweep / "fold0-seed0/checkpoints/last.ckpt"
    common = [f"checkpoints=[{checkpoint}]", f"cache_dir={cache_dir}", "worst=0"]
    rows, record = run(tmp_path, *common, f"photos={shop}", "ignored_products=[mint]", "clustering=two_pass")
    assert [int(row["detections"]) for row in rows] == [8, 8, 8, 8, 6, 6]
    assert set(record["studies"][0]["parts"]) == {"all"}
    assert record["settings"]["clustering"]["_target_"].endswith("TwoPassClustering")

    same = [f"data.root={shop}", "data.folds=3", "data.fold=0"]
    _, record = run(tmp_path, *common, "data=photos", *same)
    assert "seen" in record["studies"][0]["parts"]
    capsys.readouterr()
    rows, record = run(tmp_path, *common, "data=photos", *same[:2], "data.fold=1")
    assert len(rows) == 2
    assert "measured: 2 photos with 16 of 48 labelled crops; the others are not held out" in capsys.readouterr().out
    assert "seen" not in record["studies"][0]["parts"]


def test_all_photos_of_another_folder_are_measured_unless_a_split_is_typed(sweep, shop, tmp_path, cache_dir, capsys):
    other = tmp_path / "other shop, new"
    shutil.copytree(shop, other)
    common = [f"checkpoint={sweep}/fold0-seed0/checkpoints/last.ckpt", f"cache_dir={cache_dir}", "worst=0"]
    data = ["data=photos", f"data.root='{other}'"]
    rows, _ = run(tmp_path, *common, *data)
    assert len(rows) == 6
    printed = capsys.readouterr().out
    assert "measured: 6 photos with 48 of 48 labelled crops\n" in printed
    assert "which products it has seen is not known" in printed
    assert "too few" not in printed
    rows, record = run(tmp_path, *common, *data, "data.folds=6", "data.fold=1")
    assert len(rows) == 1
    printed = capsys.readouterr().out
    assert "measured: 1 photos with 8 of 48 labelled crops; the others are not held out" in printed
    assert "one photo: no interval" in printed
    assert "warning: too few to mean anything: measured on 8 crops, " in printed
    assert record["studies"][0]["parts"]["all"]["ari"]["low"] is None


def test_a_clustering_without_a_threshold_is_calibrated_as_in_training(sweep, tmp_path, cache_dir):
    checkpoint = sweep / "fold0-seed0/checkpoints/last.ckpt"
    common = [f"checkpoint={checkpoint}", f"cache_dir={cache_dir}", "worst=0"]
    own, again, tight = (
        run(tmp_path, *common, *more)[0]
        for more in ([], ["clustering=calibrated"], ["clustering=calibrated", "clustering.distance_threshold=1e-9"])
    )
    assert own == again
    assert own != tight


def test_a_threshold_comes_from_photos_that_the_other_folds_held_out(sweep, tmp_path, cache_dir, capsys):
    from analysis.clustering.calibrated import CalibratedClustering
    from scripts.evaluation.photos import embed_photos, photos_of_run

    common = [f"cache_dir={cache_dir}", "worst=0", "clustering=calibrated", "calibrate_on=other_folds"]
    first_seed = [f"{sweep}/fold{fold}-seed0/checkpoints/last.ckpt" for fold in range(3)]
    _, record = run(tmp_path, f"checkpoints=[{','.join(first_seed)}]", *common)
    assert "learned from photos that other folds held out" in capsys.readouterr().out
    others = find_checkpoints(None, first_seed[1:], None)
    runs = [embed_photos(other, photos_of_run(other, None), None, cache_dir) for other in others]
    pairs = [pair for item in runs for pair in zip(item.held_out.scenes, item.embeddings, strict=True)]
    scenes = [(rows, scene.labels) for scene, rows in pairs]
    assert record["settings"]["thresholds"]["fold0-seed0"] == CalibratedClustering().calibrate(scenes)
    with pytest.raises(SystemExit):
        run(tmp_path, f"checkpoint={first_seed[0]}", *common)
    assert "no other fold of fold0-seed0 held other photos out" in capsys.readouterr().err
    run(tmp_path, f"checkpoint={first_seed[0]}", f"cache_dir={cache_dir}", "worst=0", "calibrate_on=other_folds")
    assert "calibrate_on has no effect" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["checkpoint=a", "calibrate_on=all"], "calibrate_on must be one of training, other_folds, got 'all'"),
        (["checkpoint=a.ckpt", "runs=b"], r"give one of checkpoint=PATH, checkpoints=[PATH,PATH] and runs=FOLDER"),
        (["runs=nowhere"], "there is no folder nowhere"),
        (["checkpoint=nowhere.ckpt"], "there is no checkpoint nowhere.ckpt"),
        (["runs=conf"], "there is no checkpoints/last.ckpt in a folder of conf"),
        (["checkpoint=a", "photos=b", "data=photos", "data.root=c"], "not both"),
        (["checkpoint=a", "data=photos"], "data.root must be given"),
        (["checkpoint=a", "worst=-1"], "worst must be at least 0, got -1"),
    ],
)
def test_mistakes_are_named(tmp_path, capsys, overrides, message):
    with pytest.raises(SystemExit):
        run(tmp_path, *overrides)
    assert message in capsys.readouterr().err


def trained(name, *overrides):
    typed = dict(override.split("=") for override in overrides)
    return Trained(Path(name), name, Recipe({}, {}, {}, {}, {}, {}, {"seed": int(typed.get("seed", 0))}, {}, typed))


def result(run, name, found):
    truth = np.array([0, 0, 1, 1])
    scene = Scene(name, tuple("abcd"), files=tuple(map(Path, "abcd")), labels=truth)
    return PhotoResult(run, scene, np.array(found), measure_photo(truth, found))


RIGHT, WRONG = [0, 0, 1, 1], [0, 0, 0, 0]


def test_runs_are_folded_by_seed_and_fold_and_told_apart_by_the_rest():
    runs = [trained(f"{width}{seed}", f"embedding_dim={width}", f"seed={seed}") for width in (8, 16) for seed in (0, 1)]
    results = [result(run, name, RIGHT if run.seed == "0" else WRONG) for run in runs for name in ("p", "q")]
    results[-1] = result(runs[3], "q", RIGHT)
    small, large = fold_studies(results)
    assert (small.name, large.name) == ("embedding_dim=8", "embedding_dim=16")
    assert small.parts["all"]["ari"].mean == 0.5
    assert small.parts["all"]["ari"].spread == pytest.approx(np.std([1, 0], ddof=1))
    # Each photo counts once, as the mean over seeds: p 0.5, q 1.
    assert large.parts["all"]["ari"].mean == 0.75
    assert (large.parts["all"]["ari"].low, large.parts["all"]["ari"].high) == (0.5, 1)
    assert large.parts["all"]["ari"].spread == pytest.approx(np.std([1, 0.5], ddof=1))
    assert large.parts["all"]["ari"].photos == 2


def test_the_worst_photos_come_first_each_as_its_worst_run_grouped_it():
    first, second = trained("a", "seed=0"), trained("b", "seed=1")
    results = [
        result(first, "p", RIGHT),
        result(second, "p", WRONG),
        result(first, "q", RIGHT),
        result(first, "r", WRONG),
    ]
    chosen = worst_photos(results, 2)
    assert [(item.scene.name, item.trained.name) for item in chosen] == [("r", "a"), ("p", "b")]
    assert worst_photos(results, 0) == []


def test_what_tells_studies_apart_is_their_name():
    runs = [
        trained("a", "data=x", "lambda=3", "data.fold=0"),
        trained("b", "data=x", "lambda=10", "data.sources.y.fold=1"),
    ]
    assert list(study_names(runs).values()) == ["lambda=3", "lambda=10"]
    assert list(study_names(runs[:1]).values()) == ["all runs"]


def test_a_file_without_a_run_is_called_by_its_folder(sweep, tmp_path):
    copy = tmp_path / "shipped" / "model.ckpt"
    copy.parent.mkdir()
    copy.write_bytes((sweep / "fold0-seed0/checkpoints/last.ckpt").read_bytes())
    assert [item.name for item in find_checkpoints(str(copy), None, None)] == ["shipped"]


def test_boxes_alone_show_nothing_of_the_photo(tmp_path):
    photo = np.zeros((60, 80, 3), dtype=np.uint8)
    Image.fromarray(photo).save(tmp_path / "dark.png")
    boxes = np.array([[5, 5, 20, 50], [30, 5, 45, 50]], dtype=np.float32)
    scene = Scene("dark", ("a", "b"), tmp_path / "dark.png", boxes, labels=np.array([0, 1]))
    result = SimpleNamespace(
        scene=scene, groups=np.array([0, 0]), measures=SimpleNamespace(parts={"all": {"ari": 0.0}})
    )
    shown, hidden = (draw_worst([result], tmp_path / str(alone), alone)[0] for alone in (False, True))
    assert np.asarray(Image.open(shown).convert("L")).mean() < 150
    assert np.asarray(Image.open(hidden).convert("L")).mean() > 200
