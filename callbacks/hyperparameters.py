"""The run's choices beside its final measures."""

from collections.abc import Mapping

import pytorch_lightning as pl

from callbacks.figures.figure_log import tensorboards_of

MEASURES = ("grouping_all/ari", "grouping_all/bcubed_f", "grouping_seen/ari", "grouping_unseen/ari", "val/accuracy")


class HyperparametersCallback(pl.Callback):
    """Logs hyperparameters, on TensorBoard's page with their measures.

    Args:
        hyperparameters: Plain values by name.
        monitor: The measure that chooses the checkpoint; shown besides the usual ones.
    """

    def __init__(self, hyperparameters: Mapping[str, str | float | bool], monitor: str) -> None:
        self.hyperparameters = dict(hyperparameters)
        self.measures = list(dict.fromkeys([monitor, *MEASURES]))

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Name the measures: TensorBoard only shows those that it knows from the first call."""
        tensorboards = tensorboards_of(trainer)
        for logger in trainer.loggers:
            if logger in tensorboards:
                logger.log_hyperparams(self.hyperparameters, dict.fromkeys(self.measures, 0.0))
            else:
                logger.log_hyperparams(self.hyperparameters)
