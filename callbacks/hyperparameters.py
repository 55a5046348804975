"""The run's choices beside its final measures on TensorBoard's hyperparameter page."""

from typing import Any

import pytorch_lightning as pl

SHOWN = ("grouping_all/ari", "grouping_all/bcubed_f", "grouping_seen/ari", "grouping_unseen/ari", "val/accuracy")


class HyperparametersCallback(pl.Callback):
    """Logs hyperparameters with their metrics.

    Args:
        hyperparameters: Plain values by name.
        monitor: The measure that chooses the checkpoint; shown besides the usual ones.
    """

    def __init__(self, hyperparameters: dict[str, Any], monitor: str) -> None:
        self.hyperparameters = dict(hyperparameters)
        self.metrics = list(dict.fromkeys([monitor, *SHOWN]))

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Names the metrics: TensorBoard only shows those that it knows from the first call."""
        for logger in trainer.loggers:
            if isinstance(logger, pl.loggers.TensorBoardLogger):
                logger.log_hyperparams(self.hyperparameters, dict.fromkeys(self.metrics, 0.0))
