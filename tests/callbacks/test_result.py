"""The result of a run, and the end of a run that diverges."""

import json
from types import SimpleNamespace

import pytest
import torch

from callbacks.result import ResultCallback, write_result
from train import train


def test_a_finished_training_leaves_its_result(config, tmp_path):
    score = train(config("trainer.limit_train_batches=2"))
    result = json.loads((tmp_path / "run/result.json").read_text())
    assert result["status"] == "finished"
    assert (result["monitor"], result["best"], result["epochs"]) == ("grouping_all/ari", score, 1)
    assert result["seconds"] > 0
    assert {"train/loss", "val/loss", "val/accuracy", "grouping_unseen/ari"} <= result["measures"].keys()
    assert all(isinstance(value, float) for value in result["measures"].values())


@pytest.mark.parametrize("batches", [1, 3])
def test_a_learning_rate_that_is_far_too_high_is_named(config, tmp_path, batches):
    cfg = config("optimizer=sgd", "optimizer.lr=1e38", f"trainer.limit_train_batches={batches}", "trainer.max_epochs=2")
    with pytest.raises(ValueError, match=r"diverged in epoch \d.* lower it, for example optimizer\.lr=1e\+37"):
        train(cfg)
    assert not (tmp_path / "run/result.json").exists()


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
@pytest.mark.parametrize("hook", ["on_validation_epoch_end", "on_train_epoch_end"])
def test_one_bad_batch_is_enough(loss, hook):
    callback = ResultCallback()
    trainer = SimpleNamespace(current_epoch=3, optimizers=[SimpleNamespace(param_groups=[{"lr": 0.1}])])
    for value in (1.0, loss, 1.0):
        callback.on_train_batch_end(trainer, None, {"loss": torch.tensor(value)}, None, 0)
    with pytest.raises(ValueError, match=r"in epoch 3: with optimizer\.lr=0\.1 its loss"):
        getattr(callback, hook)(trainer, None)


def test_broken_embeddings_are_enough_and_sound_ones_are_not():
    callback = ResultCallback()
    trainer = SimpleNamespace(current_epoch=0, optimizers=[SimpleNamespace(param_groups=[{"lr": 0.1}])])
    callback.on_validation_epoch_end(trainer, None)
    callback.on_validation_batch_end(trainer, None, {"embedding": torch.ones(2, 3)}, None, 0)
    callback.on_validation_epoch_end(trainer, None)
    callback.on_validation_batch_end(trainer, None, {"embedding": torch.tensor([[1.0, float("nan")]])}, None, 0)
    with pytest.raises(ValueError, match="diverged"):
        callback.on_validation_epoch_end(trainer, None)


def test_a_result_is_plain_json(tmp_path):
    path = write_result(tmp_path / "new", {"best": torch.tensor(0.5), "measures": {"a": float("nan"), "b": 1}})
    assert json.loads(path.read_text()) == {"best": 0.5, "measures": {"a": None, "b": 1}}
    assert [file.name for file in path.parent.iterdir()] == ["result.json"]


def test_a_result_that_cannot_be_written_leaves_the_old_one(tmp_path):
    path = write_result(tmp_path, {"best": 1.0})
    with pytest.raises(TypeError):
        write_result(tmp_path, {"best": object()})
    assert json.loads(path.read_text()) == {"best": 1.0}
