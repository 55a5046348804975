"""The work that the benchmark of training times, each in a process of its own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from torch import Tensor, nn
from torch.nn import functional

from datamodules.sources.source_data import Source
from lightning_modules.backbones.alexnet_two_layer import AlexNetTwoLayer
from lightning_modules.heads.anchored import AnchoredHead
from lightning_modules.metrics.cosine import CosineMetric
from scripts.benchmarks.inputs.made_up_crops import TimedSource
from scripts.benchmarks.timing.measure import Job
from scripts.cli.process import keep_freed_memory

BATCH_SIZE = 100
SIDE = 224
# Float batches that are kept in memory; together far more than the processor's cache.
KEPT_BATCHES = 16
AUGMENTED = {"brightness": 0.2, "contrast": 0.2, "shift": 0.05, "random_erasing": 0.25}


class Network(nn.Module):
    """The report's network and head without any framework."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.backbone = AlexNetTwoLayer(image_size=SIDE)
        self.head = AnchoredHead(self.backbone.embedding_dim, num_classes, CosineMetric(), scale=3)

    def forward(self, images: Tensor) -> Tensor:
        """Returns logits (n, C) of float images (n, 3, s, s)."""
        return self.head(self.backbone(images, images.new_zeros(len(images), 2)))


def limit(num_training: int, num_validation: int, threads: int) -> Job:
    """Forward and backward of training and forward of validation, on floats that lie in memory, channels last."""
    network, optimizer, num_classes = prepared(threads, 27)
    last = torch.channels_last
    kept = [torch.randn(BATCH_SIZE, 3, SIDE, SIDE).contiguous(memory_format=last) for _ in range(KEPT_BATCHES)]
    labels = torch.randint(0, num_classes, (BATCH_SIZE,))

    def batches(count: int) -> Iterator[tuple[Tensor, Tensor]]:
        for number, start in enumerate(range(0, count, BATCH_SIZE)):
            size = min(BATCH_SIZE, count - start)
            yield kept[number % KEPT_BATCHES][:size], labels[:size]

    def work() -> None:
        run_epoch(network, optimizer, batches(num_training), batches(num_validation))

    work()
    return work, lambda result: {}


def report(root: str, num_training: int, workers: int, threads: int, seed: int) -> Job:
    """The usual loop: folders of pictures, decoded and normalised crop by crop in every epoch."""
    from torchvision.datasets.folder import default_loader

    training, validation, num_classes = usual_loaders(root, num_training, workers, seed, default_loader, usual_steps())
    network, optimizer, _ = prepared(threads, num_classes)
    return lambda: run_epoch(network, optimizer, training, validation), lambda result: {}


def usual_steps() -> list[Callable[[Any], Any]]:
    """Returns what each picture goes through: resizing, conversion, normalisation."""
    from torchvision import transforms

    normalize = transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    return [transforms.Resize((SIDE, SIDE)), transforms.ToTensor(), normalize]


def usual_loaders(
    root: str,
    num_training: int,
    workers: int,
    seed: int,
    load: Callable[[str], Any],
    steps: list[Callable[[Any], Any]],
) -> tuple[Any, Any, int]:
    """Returns the loaders of training and validation and the number of classes."""
    from torch.utils.data import DataLoader, Subset
    from torchvision.datasets import ImageFolder
    from torchvision.transforms import Compose

    crops = ImageFolder(root, Compose(steps), loader=load, allow_empty=True)
    order = np.random.default_rng(seed).permutation(len(crops)).tolist()
    training, validation = Subset(crops, order[:num_training]), Subset(crops, order[num_training:])
    options: dict[str, Any] = {"batch_size": BATCH_SIZE, "num_workers": workers}
    return DataLoader(training, shuffle=True, **options), DataLoader(validation, **options), len(crops.classes)


def project(epochs: int, **training: Any) -> Job:
    """Trains through configuration, data module, module, callbacks and trainer; the scores are seconds by part."""
    train = training_of(epochs=epochs, **training)

    def work() -> dict[str, float]:
        clock = EpochClock(epochs)
        start = time.perf_counter()
        loading = train(clock)
        return {**clock.seconds(start), "loading": loading}

    return work, dict


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
    """Returns what trains as :func:`fit` does, after a callback, in a folder that is deleted; the last epoch draws."""
    torch.set_num_threads(threads)
    source = TimedSource(Path(root), Path(photo), np.array(boxes, dtype=np.float32), seed)
    changes = [
        f"backbone.image_size={SIDE}",
        f"trainer.precision={precision}",
        f"callbacks.overlay.every_n_epochs={epochs}",
    ]
    if augmented:
        changes += [f"preprocessing.{name}={value}" for name, value in AUGMENTED.items()]

    def train(first_callback: pl.Callback) -> float:
        with tempfile.TemporaryDirectory() as folder:
            return fit(source, first_callback, changes, Path(folder))

    return train


class EpochClock(pl.Callback):
    """Ends a training after some epochs, whose parts it times; the last one draws figures, as every tenth does."""

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs
        self.marks: dict[str, list[float]] = {"begin": [], "evaluated": [], "end": []}

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Marks the beginning of an epoch."""
        self.marks["begin"].append(time.perf_counter())

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Marks the end of the validation's forward passes: this callback is the first one."""
        self.marks["evaluated"].append(time.perf_counter())

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Marks the end of an epoch."""
        self.marks["end"].append(time.perf_counter())
        trainer.should_stop = len(self.marks["end"]) >= self.epochs

    def seconds(self, start: float) -> dict[str, float]:
        """Returns the first epoch since ``start``, the median of ordinary ones, and their end of validation."""
        begin, evaluated, end = (np.array(self.marks[name]) for name in ("begin", "evaluated", "end"))
        closing = end - evaluated
        return {
            "first": float(end[0] - start),
            "steady": median((end - begin)[1:-1].tolist()),
            "closing": median(closing[1:-1].tolist()),
            "drawing": float(closing[-1]),
        }


def fit(source: Source, first_callback: pl.Callback, changes: list[str], folder: Path) -> float:
    """Trains on a source as train.py does, but for the progress on the terminal.

    Returns the seconds that libraries and configuration took before the data was asked for.

    Args:
        source: Of the crops.
        first_callback: Stands before those of the configuration.
        changes: Overrides of the configuration.
        folder: For the run and for decoded crops.
    """
    start = time.perf_counter()
    from hydra import compose, initialize_config_dir
    from hydra.core.hydra_config import HydraConfig
    from hydra.utils import instantiate
    from omegaconf import open_dict

    from scripts.benchmarks.timing.measure import ROOT
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


def prepared(threads: int, num_classes: int) -> tuple[Network, torch.optim.Optimizer, int]:
    """Returns the network and its optimizer, where threads and memory are as in a training."""
    keep_freed_memory()
    torch.set_num_threads(threads)
    network = Network(num_classes)
    return network, torch.optim.Adam(network.parameters(), lr=0.001), num_classes


def run_epoch(
    network: Network,
    optimizer: torch.optim.Optimizer,
    training: Any,
    validation: Any,
    backward: Callable[[Tensor], Any] = Tensor.backward,
) -> None:
    """Trains on all batches of images and labels once and looks at those of the validation."""
    network.train()
    for images, labels in training:
        loss = functional.cross_entropy(network(images), labels)
        optimizer.zero_grad()
        backward(loss)
        optimizer.step()
    network.eval()
    with torch.inference_mode():
        for images, labels in validation:
            functional.cross_entropy(network(images), labels)
