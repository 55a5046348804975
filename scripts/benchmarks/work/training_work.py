"""The work that the benchmark of training times, each in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from torch import Tensor

from scripts.benchmarks.timing.measure import Job
from scripts.benchmarks.work.original_loop import BATCH_SIZE, SIDE, network_and_optimizer, original_loop, run_epoch
from scripts.benchmarks.work.project_training import training_of

NUM_CLASSES = 27
# Float batches that are kept in memory; together far more than the processor's cache.
KEPT_BATCHES = 16


def limit(num_training: int, num_validation: int, threads: int) -> Job:
    """Run training forward and backward and validation forward, on floats in memory, channels last."""
    network, optimizer = network_and_optimizer(threads, NUM_CLASSES)
    last = torch.channels_last
    kept = [torch.randn(BATCH_SIZE, 3, SIDE, SIDE).contiguous(memory_format=last) for _ in range(KEPT_BATCHES)]
    labels = torch.randint(0, NUM_CLASSES, (BATCH_SIZE,))

    def batches(count: int) -> Iterator[tuple[Tensor, Tensor]]:
        for number, start in enumerate(range(0, count, BATCH_SIZE)):
            size = min(BATCH_SIZE, count - start)
            yield kept[number % KEPT_BATCHES][:size], labels[:size]

    def work() -> None:
        run_epoch(network, optimizer, batches(num_training), batches(num_validation))

    work()
    return work, lambda result: {}


def original(root: str, num_training: int, workers: int, threads: int, seed: int) -> Job:
    """Run the original report's loop: pictures decoded and normalised crop by crop in every epoch."""
    parts = original_loop(root, num_training, workers, threads, seed)
    return lambda: run_epoch(*parts), lambda result: {}


def project(epochs: int, **training: Any) -> Job:
    """Train through configuration, data module, module, callbacks and trainer; the scores are seconds by part."""
    train = training_of(epochs=epochs, **training)

    def work() -> dict[str, float]:
        clock = EpochClock()
        start = time.perf_counter()
        loading = train(clock)
        return {**clock.seconds(start), "loading": loading}

    return work, dict


class EpochClock(pl.Callback):
    """Times the epochs of a training; the last one draws figures, as every tenth does."""

    def __init__(self) -> None:
        self.marks: dict[str, list[float]] = {"begin": [], "evaluated": [], "end": []}

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Mark the beginning of an epoch."""
        self.marks["begin"].append(time.perf_counter())

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Mark the end of the validation's forward passes: this callback is the first one."""
        self.marks["evaluated"].append(time.perf_counter())

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Mark the end of an epoch."""
        self.marks["end"].append(time.perf_counter())

    def seconds(self, start: float) -> dict[str, float]:
        """Return the first epoch since ``start``, the median of ordinary ones, and their end of validation."""
        begin, evaluated, end = (np.array(self.marks[name]) for name in ("begin", "evaluated", "end"))
        closing = end - evaluated
        return {
            "first": float(end[0] - start),
            "steady": median((end - begin)[1:-1].tolist()),
            "closing": median(closing[1:-1].tolist()),
            "drawing": float(closing[-1]),
        }
