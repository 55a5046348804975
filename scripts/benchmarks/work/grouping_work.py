"""The parts of grouping a photo that are timed, each in a process of its own."""

from __future__ import annotations

from pathlib import Path

import torch
from PIL import Image

from datamodules.pictures import read_picture
from inference.grouper import Grouper
from inference.inputs import read_photo
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
    batches = [batch] * -(-num_crops // batch_size)
    return lambda: embedder.embed(iter(batches)), lambda result: {"parameters": parameters}


def embed_photos(checkpoint: str, folder: str, threads: int) -> Job:
    """Prepare the embedding of all boxes of a folder's photos, from the files on."""
    keep_freed_memory()
    torch.set_num_threads(threads)
    grouper = Grouper.load(checkpoint)
    photos = [read_photo(file, None) for file in sorted(Path(folder).glob("*.jpg"))]
    grouper.embed_photo(photos[0])
    return lambda: [grouper.embed_photo(photo) for photo in photos], lambda result: {}


def decode_photos(folder: str) -> Job:
    """Prepare decoding a folder's photos by Pillow alone."""

    def work() -> None:
        for file in Path(folder).glob("*.jpg"):
            with Image.open(file) as picture:
                picture.load()

    work()
    return work, lambda result: {}


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
