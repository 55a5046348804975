"""What a fit is judged by: its monitored measure, and what was measured when it ends, in the run's ``result.json``."""

import math
import time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint

from callbacks.calibration import THRESHOLD
from callbacks.grouping import measures_of
from callbacks.protocols import PhotoData
from callbacks.result_file import write_result

# What the module logs of a validation, and what else can be monitored.
OF_MODULE = ("val/accuracy", "val/loss", "val/loss_above_floor")
OTHERS = ("epoch", "step", THRESHOLD)


class ResultCallback(pl.Callback):
    """Writes what was measured; a fit that was interrupted or failed leaves no such file."""

    def __init__(self) -> None:
        self._started = 0.0
        # Those of the epoch that a checkpoint was kept after, for a run that was killed before it could write them.
        self._restored: dict[str, float] = {}

    def setup(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        """Note the time."""
        self._started = time.perf_counter()

    def on_save_checkpoint(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Keep the measures so far."""
        checkpoint["measures"] = {name: float(value) for name, value in trainer.callback_metrics.items()}

    def on_load_checkpoint(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Take over the measures of the run that goes on."""
        self._restored = {str(name): float(value) for name, value in checkpoint.get("measures", {}).items()}

    def on_fit_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Write the file."""
        if not trainer.is_global_zero:
            return
        checkpoint = best_checkpoint(trainer)
        result = {
            "status": "finished",
            "monitor": None if checkpoint is None else checkpoint.monitor,
            "best": None if checkpoint is None else checkpoint.best_model_score,
            "epochs": trainer.current_epoch,
            "seconds": round(time.perf_counter() - self._started, 2),
            "measures": dict(sorted((trainer.callback_metrics or self._restored).items())),
        }
        write_result(Path(trainer.default_root_dir), result)


def check_monitors(trainer: pl.Trainer, photos: PhotoData) -> None:
    """Check that what callbacks monitor will be measured: Lightning asks after the first epoch.

    Args:
        trainer: With all of its callbacks.
        photos: The training's photos, set up.

    Raises:
        ValueError: If one will not be; it names those that will.
    """
    if not len(photos.validation):
        return
    known = [*measures_of(photos), *OF_MODULE]
    for callback in [*trainer.checkpoint_callbacks, *trainer.early_stopping_callbacks]:
        monitor = callback.monitor if isinstance(callback, ModelCheckpoint | EarlyStopping) else None
        if monitor is not None and monitor not in (*known, *OTHERS):
            alike = get_close_matches(monitor, known, 1) or known[:1]
            raise ValueError(
                f"monitor={monitor} is not measured: type monitor={alike[0]}; there are {', '.join(known)}"
            )


def best_checkpoint(trainer: pl.Trainer) -> ModelCheckpoint | None:
    """Return the callback that keeps the best checkpoint: the first that monitors a measure, None without one."""
    for callback in trainer.checkpoint_callbacks:
        if isinstance(callback, ModelCheckpoint) and callback.monitor is not None:
            return callback
    return None


def best_value(trainer: pl.Trainer) -> float:
    """Return the best value of the measure that chooses the checkpoint, NaN where none was measured."""
    checkpoint = best_checkpoint(trainer)
    best = None if checkpoint is None else checkpoint.best_model_score
    return math.nan if best is None else float(best)
