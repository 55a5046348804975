"""The order in which the callbacks stand in a list means nothing."""

import random
import shutil

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from train import train


def scalars(folder):
    events = EventAccumulator(str(folder)).Reload()
    return {name: [event.value for event in events.Scalars(name)] for name in events.Tags()["scalars"]}


def test_shuffled_callbacks_log_the_same_values_and_leave_the_same_files(config, tmp_path):
    found = []
    for order in ("written", "reversed", "shuffled"):
        cfg = config(
            "callbacks=default", "~callbacks.progress", "trainer.max_epochs=2", "callbacks.overlay.num_photos=1"
        )
        names = list(cfg.callbacks)
        if order == "reversed":
            names.reverse()
        elif order == "shuffled":
            random.Random(0).shuffle(names)
        cfg.callbacks = {name: cfg.callbacks[name] for name in names}
        score, folder = train(cfg), tmp_path / "run"
        found.append((score, scalars(folder), {path.name for path in folder.glob("[cf]*/*")}))
        shutil.rmtree(folder)
    assert {"grouping_all/ari", "clustering/distance_threshold", "lr-Adam"} <= found[0][1].keys()
    assert found[1] == found[0] == found[2]


def test_a_diverging_training_is_named_whatever_comes_first(config):
    for backwards in (False, True):
        cfg = config("optimizer=sgd", "optimizer.lr=1e38", "trainer.limit_train_batches=1")
        names = sorted(cfg.callbacks, reverse=backwards)
        cfg.callbacks = {name: cfg.callbacks[name] for name in names}
        with pytest.raises(ValueError, match="training diverged in epoch 0"):
            train(cfg)
