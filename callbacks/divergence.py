"""Ends a training whose losses or embeddings became NaN or Inf."""

import pytorch_lightning as pl
from pytorch_lightning.utilities.types import STEP_OUTPUT
from torch import Tensor

from callbacks.protocols import Batch, tensors_of


class DivergenceCallback(pl.Callback):
    """Ends a fit that diverges as failed, and names a learning rate to try.

    It checks before a validation and with its last batch, so that no callback that looks at all embeddings at the end
    of the validation meets broken ones. Lightning's ``EarlyStopping(check_finite=True)`` would end the fit as finished.
    """

    def __init__(self) -> None:
        self._sum: Tensor | None = None

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: STEP_OUTPUT, batch: Batch, batch_idx: int
    ) -> None:
        """Add the loss."""
        self._add(tensors_of(outputs)["loss"])

    def on_validation_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Check the losses since the epoch's start."""
        self._check(trainer)

    def on_validation_batch_end(
        self,
        trainer: pl.Trainer,
        pl_module: pl.LightningModule,
        outputs: STEP_OUTPUT,
        batch: Batch,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        """Add the embeddings: after an epoch's last step they may be broken while no loss has shown it yet."""
        self._add(tensors_of(outputs)["embedding"].sum())
        if batch_idx + 1 == trainer.num_val_batches[dataloader_idx]:
            self._check(trainer)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Check the losses of epochs without validation, and begin anew."""
        self._check(trainer)
        self._sum = None

    def _add(self, value: Tensor) -> None:
        # One number that is Inf or NaN spoils the sum; asking for each one's value would make a GPU wait.
        value = value.detach()
        self._sum = value if self._sum is None else self._sum + value

    def _check(self, trainer: pl.Trainer) -> None:
        if self._sum is not None and not self._sum.isfinite():
            raise divergence(trainer)


def divergence(trainer: pl.Trainer) -> ValueError:
    """Return the error that says when a training diverged, and which learning rate to try."""
    rate = trainer.optimizers[0].param_groups[0]["lr"]
    return ValueError(
        f"training diverged in epoch {trainer.current_epoch}: with optimizer.lr={rate:g} its loss or embeddings became "
        f"NaN or Inf; lower it, for example optimizer.lr={rate / 10:g}"
    )
