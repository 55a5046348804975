"""Gathers what validation computed for each crop; the base of the callbacks that look at all of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from torch import Tensor


@dataclass(frozen=True)
class ValidationRows:
    """One row per validation crop, in the order of the data module's validation table.

    Attributes:
        embeddings: float32 (n, d), prepared for the metric.
        predicted: Class that the head chose (n,).
    """

    embeddings: np.ndarray
    predicted: np.ndarray


class ValidationRowsCallback(pl.Callback):
    """Collects the outputs of the validation steps and hands them to :meth:`on_validation_rows`."""

    def __init__(self) -> None:
        self._outputs: list[dict[str, Tensor]] = []
        self.rows: ValidationRows | None = None

    def on_validation_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Forgets the last epoch."""
        self._outputs = []

    def on_validation_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, *_: Any
    ) -> None:
        """Keeps a batch's embeddings and predictions."""
        self._outputs.append({name: value.detach().cpu() for name, value in outputs.items()})

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Puts the rows in order and hands them on, except while Lightning only checks that validation runs."""
        if trainer.sanity_checking or not self._outputs:
            return
        joined = {name: torch.cat([output[name] for output in self._outputs]) for name in self._outputs[0]}
        order = joined["index"].argsort()
        self.rows = ValidationRows(joined["embedding"][order].numpy(), joined["predicted"][order].numpy())
        self.on_validation_rows(trainer, pl_module, self.rows)

    def on_validation_rows(self, trainer: pl.Trainer, pl_module: pl.LightningModule, rows: ValidationRows) -> None:
        """Called once per validation with all rows."""


def is_last_epoch(trainer: pl.Trainer) -> bool:
    """Returns whether the running epoch is the training's last."""
    return trainer.max_epochs is not None and trainer.current_epoch + 1 >= trainer.max_epochs
