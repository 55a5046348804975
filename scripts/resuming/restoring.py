"""Errors of a checkpoint that a training cannot go on from name its file."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytorch_lightning as pl


class TrainingStarted(pl.Callback):
    """Knows whether all states have been restored and the training has begun."""

    def __init__(self) -> None:
        self.started = False

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Take note."""
        self.started = True


@contextmanager
def restoring(checkpoint: str | None, training: TrainingStarted) -> Iterator[None]:
    """Name the checkpoint in whatever goes wrong before the training has begun.

    Raises:
        ValueError: Instead of any other error of Lightning or PyTorch about the content of the file.
    """
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        if checkpoint is None or training.started:
            raise
        named = "" if isinstance(error, ValueError) else f"{type(error).__name__} "
        reason = " ".join(f"{named}{error}".split())
        raise ValueError(f"resume: {checkpoint} cannot be gone on from: {reason:.300}") from error
