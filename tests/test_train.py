"""End to end: whole trainings on tiny shelves, and the command line as a user types it."""

import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from support import QUICK, ROOT, real_data
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from inference.checkpoint import Checkpoint
from scripts.cli.mistakes import explain_mistakes
from scripts.resuming.resume import resumed
from train import train


def run(*arguments):
    """Run a command in the repository as a user would and return it with its output."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1"}
    environment.pop("HYDRA_FULL_ERROR", None)
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )


def epoch_of(path):
    return torch.load(path, weights_only=True)["epoch"]


def test_a_training_with_all_callbacks_leaves_everything_it_promises(config, tmp_path, capsys):
    score = train(config("callbacks=default", "~callbacks.progress", "head=cosine", "lambda=10"))
    folder = tmp_path / "run"
    assert -1 <= score <= 1
    assert "and 2 photos; take figures seriously from 30 crops, 3 products and 3 photos on" in capsys.readouterr().out
    assert {path.name for path in (folder / "checkpoints").iterdir()} == {"best.ckpt", "last.ckpt"}
    assert {path.name for path in (folder / "figures").iterdir()} == {
        "classification_confusion.png",
        "embedding_feature_maps.png",
        "embedding_t-SNE.png",
        "embedding_t-SNE_classes.txt",
        "overlay_shelf_0.png",
        "overlay_shelf_1.png",
    }
    events = EventAccumulator(str(folder)).Reload()
    logged = set(events.Tags()["scalars"])
    for name in ("loss", "loss_above_floor", "accuracy"):
        assert {f"train/{name}", f"val/{name}"} <= logged
    for name in ("ari", "ami", "bcubed_precision", "bcubed_recall", "bcubed_f", "pairwise_f", "num_clusters"):
        assert {f"grouping_all/{name}", f"grouping_seen/{name}", f"grouping_unseen/{name}"} <= logged
    assert any(name.startswith("lr-") for name in logged)
    assert "_hparams_/session_start_info" in events.summary_metadata
    assert {"overlay/shelf 0", "embedding/t-SNE"} <= set(events.Tags()["images"])
    assert (folder / "projector_config.pbtxt").is_file()


def test_the_same_seed_gives_the_same_embedder(config, tmp_path, trained):
    states = [Checkpoint.read(trained / "checkpoints/last.ckpt").weights]
    for seed in (0, 1):
        train(config(f"seed={seed}"))
        states.append(Checkpoint.read(tmp_path / "run/checkpoints/last.ckpt").weights)
    same, other = (all(torch.equal(value, states[0][key]) for key, value in states[index].items()) for index in (1, 2))
    assert same
    assert not other


def test_a_training_that_goes_on_ends_as_one_that_was_never_stopped(config, tmp_path):
    changes = ["head=cosface", "preprocessing=augmented", "sampler=balanced", "callbacks=minimal"]
    train(config(*changes, "trainer.max_epochs=3"))
    last = tmp_path / "run/checkpoints/last.ckpt"
    whole = Checkpoint.read(last)
    train(config(*changes, "trainer.max_epochs=1"))
    last.rename(tmp_path / "stopped.ckpt")
    # Nothing of what it was is typed again.
    train(resumed(config(f"resume={tmp_path}/stopped.ckpt", "trainer.max_epochs=3")))
    again = Checkpoint.read(last)
    assert again.weights.keys() == whole.weights.keys()
    assert all(torch.equal(value, whole.weights[name]) for name, value in again.weights.items())
    assert again.recipe.distance_threshold == whole.recipe.distance_threshold
    assert again.recipe.overrides["head"] == "cosface"


def test_the_last_checkpoint_is_the_last_epoch_and_the_best_one_the_best(config, tmp_path):
    train(config("trainer.max_epochs=3", "callbacks.checkpoint.monitor=epoch", "callbacks.checkpoint.mode=min"))
    folder = tmp_path / "run/checkpoints"
    assert {path.name: epoch_of(path) for path in folder.iterdir()} == {"best.ckpt": 0, "last.ckpt": 2}


@pytest.mark.parametrize(
    "overrides",
    [
        ["head=linear", "sampler=balanced"],
        ["head=triplet", "datamodule.crops_per_class=5"],
        ["metric=euclidean", "loss.class_weights=true"],
        ["metric=manhattan", "clustering=agglomerative", "clustering.distance_threshold=0.2"],
        ["resize=letterbox", "backbone.size_input=true", "clustering=hdbscan"],
        ["preprocessing=augmented", "preprocessing.normalization=dataset", "preprocessing.illumination=standardize"],
        ["backbone=alexnet_pretrained", "backbone.weights=null", "backbone.trainable_layers=0"],
        ["backbone=caffenet_last2", "backbone.weights=null", "optimizer=sgd", "module.features_lr_factor=0.1"],
        ["scheduler=cosine", "scheduler.warmup=0.2", "optimizer=adamw"],
        ["backbone=colour_histogram"],
    ],
    ids=" ".join,
)
def test_every_choice_trains_and_its_checkpoint_alone_embeds(config, tmp_path, overrides):
    score = train(config("trainer.limit_train_batches=1", "datamodule.batch_size=20", *overrides))
    assert np.isfinite(score)
    embedder = Checkpoint.read(tmp_path / "run/checkpoints/best.ckpt").build_embedder()
    side = embedder.backbone.image_size
    images = torch.randint(0, 256, (2, 3, side, side), dtype=torch.uint8)
    assert embedder.embed(iter([(images, torch.zeros(2, 2))])).isfinite().all()


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["lambda=-1"], "lambda must be a positive number, got -1: try lambda=10"),
        (["lambda=abc"], "lambda must be a number, got 'abc': try lambda=10"),
        (["monitor=val/acc"], "monitor=val/acc is not measured: type monitor=val/accuracy; there are grouping_all/ari"),
        (["sampler=fair"], "sampler must be one of shuffled, fixed, balanced, sqrt, classes, got 'fair'"),
        (["data=folder", "data.root=nowhere"], "there is no folder nowhere"),
        (["data=folder"], "data.root"),
        (["module.features_lr_factor=0"], "module.features_lr_factor must be a positive number, got 0"),
        (["scheduler=cosine", "scheduler.warmup=1"], "scheduler.warmup must be at least 0 and below 1, got 1"),
        (["datamodule.batch_size=0"], "datamodule.batch_size must be at least 1, got 0"),
        (["backbone=caffenet_last1"], "caffenet_features.pth"),
        (["weights_dir=nowhere", "backbone=caffenet_last1"], "there is no folder nowhere"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistakes_end_in_one_line_that_names_the_value(config, capsys, overrides, message):
    with pytest.raises(SystemExit) as stopped:
        explain_mistakes(train)(config(*overrides))
    assert stopped.value.code == 1
    assert message in capsys.readouterr().err


def test_the_command_line_trains_resumes_and_evaluates(tmp_path, cache_dir):
    common = [*QUICK, f"cache_dir={cache_dir}"]
    first = run("train.py", *common, "head=linear", "lambda=10", f"output_dir={tmp_path}/first")
    assert first.returncode == 0, first.stderr
    assert "lambda has no effect with head=linear" in first.stderr

    last = tmp_path / "first/checkpoints/last.ckpt"
    resumed = run("train.py", f"resume={last}", "trainer.max_epochs=2", f"output_dir={tmp_path}/second")
    assert resumed.returncode == 0, resumed.stderr
    after = tmp_path / "second/checkpoints/last.ckpt"
    assert (epoch_of(last), epoch_of(after)) == (0, 1)
    assert Checkpoint.read(after).recipe.overrides["head"] == "linear"

    evaluated = run(
        "-m", "scripts.evaluate", f"runs={tmp_path}", f"cache_dir={cache_dir}", f"output_dir={tmp_path}/out"
    )
    assert evaluated.returncode == 0, evaluated.stderr
    assert (tmp_path / "out/photos.csv").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["head=cosin"], "cosine"),
        (["lamda=3"], "lamda"),
        (["resume=nowhere.ckpt"], "there is no checkpoint nowhere.ckpt"),
        (["-m", "trainer.devices=2", "lambda=1,3"], "a sweep (-m) together with several devices"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistyped_commands_say_what_to_type(tmp_path, arguments, message):
    result = run("train.py", *arguments, f"hydra.run.dir={tmp_path}", f"hydra.sweep.dir={tmp_path}")
    assert result.returncode != 0
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["--cfg", "job"]], ids=" ".join)
def test_questions_are_answered_without_loading_torch(arguments):
    result = run("-X", "importtime", "train.py", *arguments)
    assert "lambda" in result.stdout
    loaded = {line.split("|")[-1].strip() for line in result.stderr.splitlines()}
    assert "hydra" in loaded
    assert not loaded & {"torch", "pytorch_lightning", "numpy", "scipy", "sklearn", "matplotlib", "PIL"}


@pytest.mark.real_data
def test_the_detergents_train(config):
    root = real_data("DETERGENTS")
    overrides = [
        "data=detergents",
        f"data.root={root}",
        "callbacks=default",
        "~callbacks.progress",
        "callbacks.overlay.num_photos=1",
    ]
    assert train(config(*overrides, "trainer.limit_train_batches=10")) > 0


def test_two_processes_take_the_steps_of_one(config, tmp_path, cache_dir):
    common = [
        "data=synthetic_small",
        "trainer.max_epochs=2",
        "trainer.log_every_n_steps=1",
        # The last batch leaves an odd crop over, classes weigh unequally, and crops are changed at random.
        "datamodule.batch_size=33",
        "sampler=balanced",
        "loss.class_weights=true",
        "preprocessing=augmented",
    ]
    train(config("trainer.limit_train_batches=null", *common))
    places = [f"cache_dir={cache_dir}", f"hydra.run.dir={tmp_path}/two"]
    done = run("train.py", "trainer=ddp", *QUICK[1:], *common, *places)
    assert done.returncode == 0, done.stderr
    alone, together = (EventAccumulator(str(tmp_path / name)).Reload() for name in ("run", "two"))
    names = set(alone.Tags()["scalars"])
    assert names == set(together.Tags()["scalars"])
    assert {"train/loss", "val/loss", "grouping_all/ari", "clustering/distance_threshold"} <= names
    for name in names:
        one, two = ([event.value for event in curves.Scalars(name)] for curves in (alone, together))
        # Sums of floats in another order; a grouping may then differ by a crop.
        np.testing.assert_allclose(two, one, atol=0.05 if "grouping" in name or "clusters" in name else 1e-3)
