"""A training by this project: configuration, data module, module, callbacks and trainer."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytorch_lightning as pl
import torch

from datamodules.sources.source_data import Source
from scripts.benchmarks.inputs.made_up_crops import TimedSource
from scripts.benchmarks.timing.measure import ROOT
from scripts.cli.process import keep_freed_memory

SIDE = 224
AUGMENTED = {"brightness": 0.2, "contrast": 0.2, "shift": 0.05, "random_erasing": 0.25}


def training_of(
    root: str,
    photo: str,
    boxes: list[list[float]],
    epochs: int,
    augmented: bool,
    precision: str,
    threads: int,
    seed: int,
) -> Callable[[pl.Callback], float]:
    """Return what trains as `fit` does, with a callback before its own, in a folder that is deleted.

    Args:
        root: Folder with a folder of crops per product.
        photo: A photo that is grouped in validation.
        boxes: Its boxes.
        epochs: How many; the last one draws figures.
        augmented: Whether crops are augmented.
        precision: Lightning's name of the arithmetic.
        threads: Threads that compute.
        seed: Order in which crops are dealt out.
    """
    torch.set_num_threads(threads)
    source = TimedSource(Path(root), Path(photo), np.array(boxes, dtype=np.float32), seed)
    changes = [
        f"backbone.image_size={SIDE}",
        f"trainer.precision={precision}",
        f"trainer.max_epochs={epochs}",
        f"callbacks.overlay.every_n_epochs={epochs}",
    ]
    if augmented:
        changes += [f"preprocessing.{name}={value}" for name, value in AUGMENTED.items()]

    def train(first_callback: pl.Callback) -> float:
        with tempfile.TemporaryDirectory() as folder:
            return fit(source, first_callback, changes, Path(folder))

    return train


def fit(source: Source, first_callback: pl.Callback, changes: list[str], folder: Path) -> float:
    """Train on a source as train.py does, but for the progress on the terminal.

    Args:
        source: Of the crops.
        first_callback: Stands before those of the configuration.
        changes: Overrides of the configuration.
        folder: For the run and for decoded crops.

    Returns:
        The seconds that libraries and configuration took before the data was asked for.
    """
    start = time.perf_counter()
    # Imported here: what they take is part of what is measured.
    from hydra import compose, initialize_config_dir
    from hydra.core.hydra_config import HydraConfig
    from hydra.utils import instantiate
    from omegaconf import open_dict

    from scripts.cli.recording import recipe_of

    overrides = [
        "lambda=3",
        # Few made-up crops may hold no photo that can be measured.
        "monitor=train/accuracy",
        "trainer.accelerator=cpu",
        "+trainer.enable_progress_bar=false",
        f"output_dir={folder / 'run'}",
        f"cache_dir={folder / 'cache'}",
        "~callbacks.progress",
        "~callbacks.summary",
        *changes,
    ]
    with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"):
        cfg = compose("config", overrides=overrides, return_hydra_config=True)
    HydraConfig.instance().set_config(cfg)
    with open_dict(cfg):
        del cfg["hydra"]
    keep_freed_memory()
    datamodule = instantiate(cfg.datamodule, source=None)
    datamodule.source = source
    loading = time.perf_counter() - start
    datamodule.setup()
    module = instantiate(cfg.module, _partial_=True)(
        class_counts=datamodule.class_counts.tolist(), recipe=recipe_of(cfg)
    )
    callbacks = [first_callback, *(instantiate(callback) for callback in cfg.callbacks.values())]
    trainer = instantiate(cfg.trainer, callbacks=callbacks, logger=instantiate(cfg.logger))
    trainer.fit(module, datamodule=datamodule)
    return loading
