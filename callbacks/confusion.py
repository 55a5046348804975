"""When training ends: the confusion matrix of the validation crops."""

import pytorch_lightning as pl

from analysis.figures.confusion import confusion_figure
from callbacks.figure_log import log_figure
from callbacks.validation_rows import ValidationRowsCallback


class ConfusionCallback(ValidationRowsCallback):
    """Draws which known products the head takes for which, over the last validation."""

    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Logs the matrix, if validation held a known product."""
        if self.rows is None:
            return
        truth = trainer.datamodule.validation.labels.numpy()[: len(self.rows.predicted)]
        known = truth >= 0
        if known.any():
            figure = confusion_figure(truth[known], self.rows.predicted[known], trainer.datamodule.class_names)
            log_figure(trainer, "classification/confusion", figure)
