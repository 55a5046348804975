"""The set of callbacks that ends a training early."""

import json

import pytest

from train import train


@pytest.mark.parametrize(("rise", "epochs"), [(9, 2), (-9, 3)])
def test_a_training_ends_when_the_monitored_measure_no_longer_rises(config, tmp_path, rise, epochs):
    options = ["callbacks=early_stopping", "~callbacks.progress", "~callbacks.embedding_map"]
    patience = ["callbacks.early_stopping.patience=1", f"callbacks.early_stopping.min_delta={rise}"]
    train(config(*options, *patience, "trainer.max_epochs=3", "trainer.limit_train_batches=1"))
    assert json.loads((tmp_path / "run/result.json").read_text())["epochs"] == epochs
