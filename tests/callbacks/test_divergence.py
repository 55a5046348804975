"""The end of a run that diverges."""

from types import SimpleNamespace

import pytest
import torch

from callbacks.divergence import DivergenceCallback
from train import train


def trainer(num_batches=1):
    optimizers = [SimpleNamespace(param_groups=[{"lr": 0.1}])]
    return SimpleNamespace(current_epoch=3, optimizers=optimizers, num_val_batches=[num_batches])


def validate(callback, embeddings):
    callback.on_validation_start(trainer(), None)
    for number, rows in enumerate(embeddings):
        callback.on_validation_batch_end(trainer(len(embeddings)), None, {"embedding": rows}, None, number)


@pytest.mark.parametrize("batches", [1, 3])
@pytest.mark.parametrize("validated", [True, False])
def test_a_learning_rate_that_is_far_too_high_is_named(config, tmp_path, batches, validated):
    cfg = config(
        "optimizer=sgd",
        "optimizer.lr=1e38",
        f"trainer.limit_train_batches={batches}",
        "trainer.max_epochs=2",
        f"+trainer.check_val_every_n_epoch={1 if validated else 9}",
    )
    with pytest.raises(ValueError, match=r"diverged in epoch \d.* lower it, for example optimizer\.lr=1e\+37"):
        train(cfg)
    assert not (tmp_path / "run/result.json").exists()


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
@pytest.mark.parametrize("hook", ["on_validation_start", "on_train_epoch_end"])
def test_one_bad_batch_is_enough(loss, hook):
    callback = DivergenceCallback()
    for value in (1.0, loss, 1.0):
        callback.on_train_batch_end(trainer(), None, {"loss": torch.tensor(value)}, None, 0)
    with pytest.raises(ValueError, match=r"in epoch 3: with optimizer\.lr=0\.1 its loss"):
        getattr(callback, hook)(trainer(), None)


def test_sound_losses_and_embeddings_go_on():
    callback = DivergenceCallback()
    callback.on_train_batch_end(trainer(), None, {"loss": torch.tensor(1.0)}, None, 0)
    validate(callback, [torch.ones(2, 3), torch.ones(1, 3)])
    callback.on_train_epoch_end(trainer(), None)


@pytest.mark.parametrize("bad", [0, 1])
def test_broken_embeddings_are_noticed_with_the_last_batch(bad):
    embeddings = [torch.ones(2, 3), torch.ones(1, 3)]
    embeddings[bad][0, 1] = float("nan")
    with pytest.raises(ValueError, match="diverged"):
        validate(DivergenceCallback(), embeddings)
