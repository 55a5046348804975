"""Gathers what validation computed for each crop; the base of the callbacks that look at all of them."""

from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass

import numpy as np
import pytorch_lightning as pl
import torch
from numpy.typing import NDArray
from pytorch_lightning.utilities.types import STEP_OUTPUT
from torch import Tensor

from callbacks.protocols import Batch, tensors_of


@dataclass(frozen=True)
class ValidationRows:
    """One row per validation crop, in the order of the data module's validation table.

    Attributes:
        embeddings: As the metric compares them (n, d).
        predicted: Class that the head chose (n,).
    """

    embeddings: NDArray[np.float32]
    predicted: NDArray[np.int64]

    def by_scene(self, scenes: Sequence[Sized]) -> list[NDArray[np.float32]]:
        """Return the embeddings of each scene; the rows of all scenes come first, in order."""
        ends = np.cumsum([len(scene) for scene in scenes])
        return np.split(self.embeddings[: ends[-1]], ends[:-1]) if len(scenes) else []


class ValidationRowsCallback(pl.Callback):
    """Collects the outputs of the validation steps and hands them to :meth:`on_validation_rows`."""

    def __init__(self) -> None:
        self._outputs: list[Mapping[str, Tensor]] = []
        self.rows: ValidationRows | None = None

    def on_validation_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Forget the last epoch."""
        self._outputs = []

    def on_validation_batch_end(
        self,
        trainer: pl.Trainer,
        pl_module: pl.LightningModule,
        outputs: STEP_OUTPUT,
        batch: Batch,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        """Keep a batch's embeddings and predictions."""
        self._outputs.append({name: value.detach().cpu() for name, value in tensors_of(outputs).items()})

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Put the rows in order and hand them on, except while Lightning only checks that validation runs."""
        if trainer.sanity_checking or not self._outputs:
            return
        joined = {name: torch.cat([output[name] for output in self._outputs]) for name in self._outputs[0]}
        order = joined["index"].argsort()
        self.rows = ValidationRows(joined["embedding"][order].numpy(), joined["predicted"][order].numpy())
        self.on_validation_rows(trainer, pl_module, self.rows)

    def on_validation_rows(self, trainer: pl.Trainer, pl_module: pl.LightningModule, rows: ValidationRows) -> None:
        """Look at all rows; called once per validation."""


def is_last_epoch(trainer: pl.Trainer) -> bool:
    """Return whether the running epoch is the training's last."""
    return trainer.max_epochs is not None and trainer.current_epoch + 1 >= trainer.max_epochs
