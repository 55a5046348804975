"""Trains an embedding: configuration in, objects built, fitted, the monitored value out."""

import hydra
from hydra.utils import instantiate
from omegaconf import DictConfig

from scripts.cli.recording import recipe_of
from scripts.cli.start import start
from scripts.cli.stopping import says_how_to_go_on
from scripts.cli.sweep import keep_sweeping
from scripts.resuming.finished import finished_before
from scripts.resuming.resume import prepared


def train(cfg: DictConfig) -> float:
    """Build everything the configuration names, fit it, and return the best monitored value; NaN without any."""
    # Imported late, so that --help and a mistyped override answer at once.
    import pytorch_lightning as pl

    from callbacks.checkpoints.whole_file_io import WholeFileIO
    from callbacks.result import best_value, check_monitors
    from scripts.resuming.restoring import TrainingStarted, restoring

    pl.seed_everything(cfg.seed, workers=True, verbose=False)
    datamodule = instantiate(cfg.datamodule)
    callbacks = [instantiate(callback) for callback in cfg.callbacks.values() if callback is not None]
    # Before the data are read: what is wrong with the trainer's options is said at once.
    logger, plugins = instantiate(cfg.logger), [WholeFileIO()]
    started = TrainingStarted()
    trainer = instantiate(cfg.trainer, callbacks=[*callbacks, started], logger=logger, plugins=plugins)
    datamodule.setup()
    check_monitors(trainer, datamodule)
    make_module = instantiate(cfg.module, _partial_=True)
    module = make_module(class_counts=datamodule.class_counts.tolist(), recipe=recipe_of(cfg))
    module.embedder.preprocessing.fit(datamodule.training.store.images)
    with restoring(cfg.resume, started):
        trainer.fit(module, datamodule=datamodule, ckpt_path=cfg.resume, weights_only=True)
    return best_value(trainer)


@hydra.main(version_base="1.3", config_path="conf", config_name="config")
@says_how_to_go_on
@keep_sweeping
def main(cfg: DictConfig) -> float:
    """Run one training; a sweep calls this once per combination."""
    cfg = prepared(cfg)
    finished = finished_before(cfg)
    return train(cfg) if finished is None else finished


if __name__ == "__main__":
    start(main, "train")
