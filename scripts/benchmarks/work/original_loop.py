"""The original report's network and loop, without any framework: folders of pictures, decoded in every epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, Subset
from torchvision.datasets import ImageFolder
from torchvision.datasets.folder import default_loader
from torchvision.transforms import Compose, Normalize, Resize, ToTensor

from lightning_modules.backbones.alexnet_two_layer import AlexNetTwoLayer
from lightning_modules.heads.anchored import AnchoredHead
from lightning_modules.metrics.cosine import CosineMetric
from scripts.cli.process import keep_freed_memory

BATCH_SIZE = 100
SIDE = 224
Batches = Iterable[tuple[Tensor, Tensor]]


class Network(nn.Module):
    """The report's network and head without any framework."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.backbone = AlexNetTwoLayer(image_size=SIDE)
        self.head = AnchoredHead(self.backbone.embedding_dim, num_classes, CosineMetric(), scale=3)

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (n, C) of float images (n, 3, s, s)."""
        return self.head(self.backbone(images, images.new_zeros(len(images), 2)))


def network_and_optimizer(threads: int, num_classes: int) -> tuple[Network, torch.optim.Optimizer]:
    """Return the network and its optimizer, and set threads and memory as in a training."""
    keep_freed_memory()
    torch.set_num_threads(threads)
    network = Network(num_classes)
    return network, torch.optim.Adam(network.parameters(), lr=0.001)


def picture_steps() -> list[Callable[..., object]]:
    """Return what each picture goes through: resizing, conversion, normalisation."""
    return [Resize((SIDE, SIDE)), ToTensor(), Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))]


def original_loop(
    root: str,
    num_training: int,
    workers: int,
    threads: int,
    seed: int,
    load: Callable[[str], object] = default_loader,
    steps: list[Callable[..., object]] | None = None,
) -> tuple[Network, torch.optim.Optimizer, Batches, Batches]:
    """Return network, optimizer, and the batches of training and validation: the arguments of `run_epoch`.

    Args:
        root: Folder with a folder of pictures per class.
        num_training: How many pictures are for training; the others are for validation.
        workers: Processes that decode.
        threads: Threads that compute.
        seed: Order in which pictures are dealt out.
        load: Decodes a picture.
        steps: What it goes through; by default `picture_steps`.
    """
    crops = ImageFolder(root, Compose(steps or picture_steps()), loader=load, allow_empty=True)
    order = np.random.default_rng(seed).permutation(len(crops)).tolist()
    training, validation = Subset(crops, order[:num_training]), Subset(crops, order[num_training:])
    load_batches = partial(DataLoader, batch_size=BATCH_SIZE, num_workers=workers)
    network, optimizer = network_and_optimizer(threads, len(crops.classes))
    return network, optimizer, load_batches(training, shuffle=True), load_batches(validation)


def run_epoch(
    network: Network,
    optimizer: torch.optim.Optimizer,
    training: Batches,
    validation: Batches,
    backward: Callable[[Tensor], object] = Tensor.backward,
) -> None:
    """Train on all batches of images and labels once, and compute the loss of those of the validation."""
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
