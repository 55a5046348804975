"""An epoch of training by part, for the usual loop over pictures and for this project."""

from __future__ import annotations

import time
from typing import Any

import pytorch_lightning as pl
from torch import Tensor
from torchvision.datasets.folder import default_loader

from scripts.benchmarks.timing.measure import Job
from scripts.benchmarks.timing.stopwatch import Stopwatch
from scripts.benchmarks.work.original_loop import original_loop, picture_steps, run_epoch
from scripts.benchmarks.work.project_training import training_of

# Each part of an epoch; what belongs to none of them is the loop itself.
READING = "reading, decoding and resizing"
CONVERSION = "conversion, augmentation, normalisation"
FORWARD = "network, head and loss, forward"
BACKWARD = "backward"
OPTIMIZER = "optimizer"
SCORES = "losses and accuracies"
CALLBACKS = "clustering, measures, checkpoints"
REST = "the rest: loops, batches put together"
EPOCH_PARTS = (READING, CONVERSION, FORWARD, BACKWARD, OPTIMIZER, SCORES, CALLBACKS, REST)
CALLBACK_HOOKS = (
    "on_train_batch_end",
    "on_validation_batch_end",
    "on_validation_epoch_end",
    "on_validation_end",
    "on_train_epoch_end",
)


def original(root: str, num_training: int, threads: int, seed: int) -> Job:
    """Run the original report's loop: pictures decoded and normalised crop by crop in every epoch, 0 workers."""
    watch = Stopwatch()
    load = watch.timed(READING, default_loader)
    parts = (READING, CONVERSION, CONVERSION)
    steps = [watch.timed(part, step) for part, step in zip(parts, picture_steps(), strict=True)]
    network, optimizer, training, validation = original_loop(root, num_training, 0, threads, seed, load, steps)
    watch.time_method(FORWARD, network, "forward")
    watch.time_method(OPTIMIZER, optimizer, "step")

    def work() -> dict[str, float]:
        start = time.perf_counter()
        run_epoch(network, optimizer, training, validation, watch.timed(BACKWARD, Tensor.backward))
        return _with_rest(watch.take(), time.perf_counter() - start)

    return work, dict


def project(epochs: int, **training: Any) -> Job:
    """Return the ordinary epoch of median length: neither the first, which decodes, nor the last, which draws."""
    train = training_of(epochs=epochs, **training)

    def work() -> dict[str, float]:
        clock = PartsClock()
        train(clock)
        ordinary = sorted(clock.epochs[1:-1], key=lambda parts: sum(parts.values()))
        return ordinary[len(ordinary) // 2]

    return work, dict


class PartsClock(pl.Callback):
    """Keeps the seconds of each epoch by part."""

    def __init__(self) -> None:
        self.watch = Stopwatch()
        self.epochs: list[dict[str, float]] = []

    # Any: parts are timed from outside that Lightning has no types for.
    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Time the parts from now on."""
        time_method = self.watch.time_method
        for dataset in (trainer.datamodule.training, trainer.datamodule.validation):
            time_method(READING, dataset.images, "read")
        time_method(CONVERSION, pl_module.embedder.preprocessing, "forward")
        for name in ("training_step", "validation_step"):
            time_method(FORWARD, pl_module, name)
        time_method(BACKWARD, pl_module, "backward")
        time_method(SCORES, pl_module, "log_dict", whole=True)
        for optimizer in trainer.optimizers:
            time_method(OPTIMIZER, optimizer, "step")
        for callback in trainer.callbacks:
            for hook in CALLBACK_HOOKS if callback is not self else ():
                time_method(CALLBACKS, callback, hook, whole=True)

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Begin an epoch."""
        self.watch.take()
        self.start = time.perf_counter()

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Keep an epoch's parts; its checkpoints are written after this."""
        self.epochs.append(_with_rest(self.watch.take(), time.perf_counter() - self.start))


def _with_rest(parts: dict[str, float], whole: float) -> dict[str, float]:
    return {**parts, REST: whole - sum(parts.values())}
