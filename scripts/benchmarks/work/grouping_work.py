"""The parts of grouping a photo that are timed, each in a process of its own."""

from __future__ import annotations

from pathlib import Path

import torch

from datamodules.pictures import read_picture
from inference.grouper import Grouper
from scripts.benchmarks.timing.measure import Job
from scripts.cli.process import keep_freed_memory


def embed_crops(checkpoint: str, num_crops: int, batch_size: int, threads: int) -> Job:
    """Prepare the embedding of random crops of the size that the checkpoint's network expects."""
    keep_freed_memory()
    torch.set_num_threads(threads)
    embedder = Grouper.load(checkpoint).embedder
    side = embedder.backbone.image_size
    images = torch.randint(0, 256, (batch_size, side, side, 3), dtype=torch.uint8).permute(0, 3, 1, 2)
    batch = (images, torch.zeros(batch_size, 2))
    embedder.embed(iter([batch]))
    parameters = float(sum(parameter.numel() for parameter in embedder.parameters()))
    return lambda: embedder.embed(iter([batch] * (num_crops // batch_size))), lambda result: {"parameters": parameters}


def decode_photo(photo: str) -> Job:
    """Prepare decoding the photo to pixels: what no grouping can do without."""
    return lambda: read_picture(Path(photo)).load(), lambda result: {}


def group_photo(checkpoint: str, photo: str, boxes: str | None) -> Job:
    """Prepare the computation of scripts.group, without its start and without its files."""
    grouper = Grouper.load(checkpoint)

    def work() -> None:
        grouper.group(photo, boxes)

    work()
    return work, lambda result: {}
