"""Crops as feature vectors for an audit: described in every way at hand, of which the best on this data is taken."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from torch import Tensor, nn

from analysis.audit.appearance import appearance
from analysis.audit.reliability.resolution import Accuracy, accuracy_of
from analysis.audit.samples import Samples
from datamodules.crop_cache.crop_store import CropStore, open_store
from datamodules.crops import CropTable, relative_log_sizes
from datamodules.transforms.crop_resize import CropResize
from inference.checkpoint import Checkpoint
from inference.shipped_checkpoint import SHIPPED
from lightning_modules.backbones.caffenet_pretrained import CaffeNetPretrained
from lightning_modules.backbones.convolutional import ConvolutionalBackbone
from lightning_modules.embedder import Embedder
from lightning_modules.preprocessing.batch_preprocessing import BatchPreprocessing

BATCH_SIZE = 64
BUILT_IN_SIDE = 112
# A network's last map, pooled to so many cells each way: finer cells keep more of where a thing is printed.
CELLS = 3
COLOURS = "colours and outlines"


@dataclass(frozen=True)
class Descriptor:
    """One way to describe crops.

    Attributes:
        name: What a user reads.
        side: Side of the squares that it takes, in pixels.
        describe: From squares (m, 3, s, s) uint8 and relative log sizes (m, 2) to feature vectors (m, d).
    """

    name: str
    side: int
    describe: Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Description:
    """What described the crops.

    Attributes:
        name: The way that was taken.
        tried: How many crops each way tells apart on photos that were left out.
    """

    name: str
    tried: dict[str, Accuracy]


def describe_crops(
    table: CropTable, checkpoint: str | None, weights_dir: str | None, cache_dir: Path
) -> tuple[Samples, CropStore, Description]:
    """Return the crops as an audit sees them, the decoded crops, and what described them.

    Args:
        table: Labelled crops; classes without a crop are left out of the numbering.
        checkpoint: Its embedding and last map are tried too, if given.
        weights_dir: CaffeNet's last map is tried too, if its weights' folder is given.
        cache_dir: Folder of the decoded crops.

    Raises:
        FileNotFoundError: If checkpoint or weights are missing.
        ValueError: If there are fewer than two classes, the checkpoint is none, or pictures cannot be read.
    """
    classes, labels = np.unique(table.labels, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"an audit needs crops of at least 2 classes, found {len(classes)}")
    resize, descriptors = _descriptors(checkpoint, weights_dir)
    store = open_store(table, resize, cache_dir)
    photos, contents = np.asarray(table.photos, dtype=str), _contents(table, store.images)
    sizes = relative_log_sizes(store.sizes, table.photos)
    first, place = _first_of_equals(contents, sizes)
    tried: dict[str, tuple[Accuracy, Samples]] = {}
    for descriptor in descriptors:
        features = _features(descriptor, store.images, sizes, first)[place]
        samples = Samples(features, labels.astype(np.int64), photos, contents, store.images)
        tried[descriptor.name] = (accuracy_of(samples), samples)
    best = max(tried, key=lambda name: tried[name][0].share)
    return tried[best][1], store, Description(best, {name: accuracy for name, (accuracy, _) in tried.items()})


def _descriptors(checkpoint: str | None, weights_dir: str | None) -> tuple[CropResize, list[Descriptor]]:
    """Return how crops are decoded, and all ways to describe them, those that the user named first."""
    found: list[Descriptor] = []
    resizes: list[CropResize] = []
    for path, name in (
        (checkpoint, str(checkpoint)),
        (SHIPPED if SHIPPED.is_file() else None, "the shipped checkpoint"),
    ):
        if path is not None:
            content = Checkpoint.read(path)
            resizes.append(content.build_resize())
            found += _of_embedder(content.build_embedder(), name)
    if weights_dir is not None:
        backbone = CaffeNetPretrained(weights_dir=weights_dir)
        resizes.insert(1 if checkpoint else 0, CropResize(backbone.image_size))
        last = _last_map(BatchPreprocessing(), backbone.features.eval())
        found.append(Descriptor("CaffeNet as ImageNet left it", backbone.image_size, last))
    found.append(Descriptor(COLOURS, BUILT_IN_SIDE, _colours))
    return [*resizes, CropResize(BUILT_IN_SIDE)][0], found


def _of_embedder(embedder: Embedder, name: str) -> list[Descriptor]:
    side = embedder.backbone.image_size
    found = [Descriptor(f"the embedding of {name}", side, embedder)]
    if isinstance(embedder.backbone, ConvolutionalBackbone):
        last = _last_map(embedder.preprocessing, embedder.backbone.features)
        found.append(Descriptor(f"the last map of {name}", side, last))
    return found


def _last_map(preprocessing: Callable[[Tensor], Tensor], features: nn.Module) -> Callable[[Tensor, Tensor], Tensor]:
    def describe(images: Tensor, _: Tensor) -> Tensor:
        maps = nn.functional.adaptive_avg_pool2d(features(preprocessing(images)), CELLS).flatten(1)
        # The root tames the few filters with large answers (Arandjelovic and Zisserman, Three things everyone should
        # know to improve object retrieval, 2012).
        return nn.functional.normalize(maps.clamp(min=0).sqrt())

    return describe


def _colours(images: Tensor, _: Tensor) -> Tensor:
    return torch.from_numpy(appearance(images.permute(0, 2, 3, 1).numpy()))


def _first_of_equals(
    contents: NDArray[np.str_], sizes: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first row of each set of crops that are described alike, and for each crop its place among these."""
    numbers: dict[tuple[str, float, float], int] = {}
    keys = zip(contents.tolist(), *sizes.T.tolist(), strict=True)
    place = np.array([numbers.setdefault(key, len(numbers)) for key in keys])
    return np.unique(place, return_index=True)[1], place


@torch.inference_mode()
def _features(
    descriptor: Descriptor, images: NDArray[np.uint8], sizes: NDArray[np.float32], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    starts = range(0, len(rows), BATCH_SIZE)
    found = []
    for at in track(starts, f"Describing crops by {descriptor.name}", transient=True, disable=len(rows) < 500):
        chosen = rows[at : at + BATCH_SIZE]
        batch = torch.from_numpy(images[chosen]).permute(0, 3, 1, 2)
        if batch.shape[-1] != descriptor.side:
            batch = nn.functional.interpolate(batch, size=(descriptor.side,) * 2, mode="bilinear", antialias=True)
        found.append(descriptor.describe(batch, torch.from_numpy(sizes[chosen])).float().numpy())
    return np.concatenate(found)


def _contents(table: CropTable, images: NDArray[np.uint8]) -> NDArray[np.str_]:
    """Return a digest of each crop: of its file where the file is the crop, else of its pixels."""
    whole = np.isnan(table.boxes[:, 0])
    contents = [
        hashlib.md5(Path(str(file)).read_bytes() if is_file else np.ascontiguousarray(image).tobytes()).hexdigest()
        for file, is_file, image in zip(table.files, whole, images, strict=True)
    ]
    return np.array(contents)
