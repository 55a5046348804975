"""Trains an embedding: configuration in, objects built, fitted, the monitored value out."""

import math

import hydra
from omegaconf import DictConfig

from scripts.cli.checks import check_overrides
from scripts.cli.process import prepare_process
from scripts.cli.resume import resumed
from scripts.cli.start import start
from scripts.cli.sweep import keep_sweeping


def train(cfg: DictConfig) -> float:
    """Builds everything the configuration names, fits it, and returns the best monitored value; NaN without any."""
    # Imported late, so that --help and a mistyped override answer at once.
    import pytorch_lightning as pl
    from hydra.utils import instantiate

    from callbacks.result import best_checkpoint
    from scripts.cli.recording import recipe_of

    pl.seed_everything(cfg.seed, workers=True, verbose=False)
    datamodule = instantiate(cfg.datamodule)
    datamodule.setup()
    # Partial, for Hydra would make a configuration of the recipe.
    module = instantiate(cfg.module, _partial_=True)(
        class_counts=datamodule.class_counts.tolist(), recipe=recipe_of(cfg)
    )
    module.embedder.preprocessing.fit(datamodule.training.store.images)
    callbacks = [instantiate(callback) for callback in cfg.callbacks.values() if callback is not None]
    trainer = instantiate(cfg.trainer, callbacks=callbacks, logger=instantiate(cfg.logger))
    trainer.fit(module, datamodule=datamodule, ckpt_path=cfg.resume, weights_only=True)
    checkpoint = best_checkpoint(trainer)
    best = None if checkpoint is None else checkpoint.best_model_score
    return math.nan if best is None else float(best)


@hydra.main(version_base="1.3", config_path="conf", config_name="config")
@keep_sweeping
def main(cfg: DictConfig) -> float:
    """Runs one training; a sweep calls this once per combination."""
    # Here and not where the program starts: a sweep's launchers run jobs in processes of their own.
    prepare_process()
    cfg = resumed(cfg)
    check_overrides(cfg)
    return train(cfg)


if __name__ == "__main__":
    start(main, "train")
