"""How a run ended: ``result.json`` in its folder, and an early end where training diverges."""

import json
import math
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from torch import Tensor

RESULT_NAME = "result.json"


class ResultCallback(pl.Callback):
    """Writes what was measured when a fit ends, and ends a fit that diverges.

    It stands before callbacks that take embeddings, for those have no better word for ones that are no numbers.
    """

    def __init__(self) -> None:
        self._started = 0.0
        self._sum: Tensor | None = None

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Notes the time."""
        self._started = time.perf_counter()

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Takes in the loss."""
        self._take_in(outputs["loss"])

    def on_validation_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, *_: Any
    ) -> None:
        """Takes in the embeddings: after an epoch's last step they may be broken while no loss has shown it yet."""
        self._take_in(outputs["embedding"].sum())

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Checks losses and embeddings."""
        self._check(trainer)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Checks the losses of epochs without validation, and begins anew."""
        self._check(trainer)
        self._sum = None

    def on_fit_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Writes the file; a fit that was interrupted or failed does not come here."""
        if not trainer.is_global_zero:
            return
        checkpoint = trainer.checkpoint_callback
        result = {
            "status": "finished",
            "monitor": getattr(checkpoint, "monitor", None),
            "best": getattr(checkpoint, "best_model_score", None),
            "epochs": trainer.current_epoch,
            "seconds": round(time.perf_counter() - self._started, 2),
            "measures": dict(sorted(trainer.callback_metrics.items())),
        }
        write_result(Path(trainer.default_root_dir), result)

    def _take_in(self, value: Tensor) -> None:
        # One number that is infinite or none spoils the sum; asking for each one's value would make a GPU wait.
        value = value.detach()
        self._sum = value if self._sum is None else self._sum + value

    def _check(self, trainer: pl.Trainer) -> None:
        if self._sum is not None and not self._sum.isfinite():
            rate = trainer.optimizers[0].param_groups[0]["lr"]
            raise ValueError(
                f"training diverged in epoch {trainer.current_epoch}: with optimizer.lr={rate:g} its loss or "
                f"embeddings are no finite numbers any more; lower it, for example optimizer.lr={rate / 10:g}"
            )


def write_result(folder: Path, result: Mapping[str, Any]) -> Path:
    """Writes a run's result into its folder, whole or not at all, and returns the file's path.

    Args:
        folder: The run's folder, made if need be.
        result: Texts, numbers and tensors of one number, by name; infinite ones and those that are no number become
            null, which JSON has instead.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / RESULT_NAME
    unfinished = folder / f".{RESULT_NAME}.{os.getpid()}"
    unfinished.write_text(json.dumps(_plain(result), indent=1, allow_nan=False) + "\n")
    unfinished.replace(path)
    return path


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, Tensor):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
