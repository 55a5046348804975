"""The result that a run leaves."""

import json
from types import SimpleNamespace

import pytest
import torch
from pytorch_lightning.callbacks import ModelCheckpoint

from callbacks.result import best_checkpoint
from callbacks.result_file import write_result
from train import train


def test_a_finished_training_leaves_its_result(config, tmp_path):
    score = train(config("trainer.limit_train_batches=2"))
    result = json.loads((tmp_path / "run/result.json").read_text())
    assert result["status"] == "finished"
    assert (result["monitor"], result["best"], result["epochs"]) == ("grouping_all/ari", score, 1)
    assert result["seconds"] > 0
    assert {"train/loss", "val/loss", "val/accuracy", "grouping_unseen/ari"} <= result["measures"].keys()
    assert all(isinstance(value, float) for value in result["measures"].values())


def test_the_best_checkpoint_is_the_one_that_monitors_a_measure():
    last, best = ModelCheckpoint(), ModelCheckpoint(monitor="val/accuracy")
    for callbacks in ([last, best], [best, last]):
        assert best_checkpoint(SimpleNamespace(checkpoint_callbacks=callbacks)) is best
    assert best_checkpoint(SimpleNamespace(checkpoint_callbacks=[last])) is None


def test_a_result_is_plain_json(tmp_path):
    path = write_result(tmp_path / "new", {"best": torch.tensor(0.5), "measures": {"a": float("nan"), "b": 1}})
    assert json.loads(path.read_text()) == {"best": 0.5, "measures": {"a": None, "b": 1}}
    assert [file.name for file in path.parent.iterdir()] == ["result.json"]


def test_a_result_that_cannot_be_written_leaves_the_old_one(tmp_path):
    path = write_result(tmp_path, {"best": 1.0})
    with pytest.raises(TypeError):
        write_result(tmp_path, {"best": object()})
    assert json.loads(path.read_text()) == {"best": 1.0}
