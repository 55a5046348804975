"""When training ends: the confusion matrix of the validation crops."""

import numpy as np
import pytorch_lightning as pl
from pytorch_lightning.utilities import rank_zero_only

from analysis.figures.confusion import confusion_figure
from callbacks.figures.figure_log import log_figure
from callbacks.protocols import photos_of
from callbacks.validation_rows import ValidationRowsCallback


class ConfusionCallback(ValidationRowsCallback):
    """Draws which known products the head confuses, over the last validation."""

    @rank_zero_only
    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Log the matrix, if validation held a known product."""
        if self.rows is None:
            return
        photos = photos_of(trainer)
        truth = photos.validation.labels.numpy()[: len(self.rows.predicted)]
        known = truth >= 0
        if known.any():
            # Only classes that occur: of several hundred most may have no validation crop.
            pair = np.stack([truth[known], self.rows.predicted[known]])
            classes, numbers = np.unique(pair, return_inverse=True)
            names = [photos.class_names[number] for number in classes]
            truth, predicted = numbers.reshape(pair.shape)
            figure = confusion_figure(truth, predicted, names)
            log_figure(trainer, "classification/confusion", figure)
