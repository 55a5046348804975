"""Crops as feature vectors for an audit: by a checkpoint, by CaffeNet as ImageNet left it, or without any training."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from torch import Tensor, nn

from analysis.audit.appearance import appearance
from analysis.audit.samples import Samples
from datamodules.crop_cache.crop_store import CropStore, open_store
from datamodules.crops import CropTable, relative_log_sizes
from datamodules.transforms.crop_resize import CropResize
from inference.checkpoint import Checkpoint
from lightning_modules.backbones.caffenet_pretrained import CaffeNetPretrained
from lightning_modules.preprocessing.batch_preprocessing import BatchPreprocessing

# From squares (m, s, s, 3) and relative log sizes (m, 2) to feature vectors (m, d).
Describe = Callable[[NDArray[np.uint8], NDArray[np.float32]], NDArray[np.float32]]

BATCH_SIZE = 64
BUILT_IN_SIDE = 112
# CaffeNet's last map, pooled to so many cells each way: finer cells keep more of where a thing is printed.
CELLS = 3


def describe_crops(
    table: CropTable, checkpoint: str | None, weights_dir: str | None, cache_dir: Path
) -> tuple[Samples, CropStore, str]:
    """Return the crops as an audit sees them, the decoded crops, and what described them.

    Args:
        table: Labelled crops; classes without a crop are left out of the numbering.
        checkpoint: Its embedding is used, if given.
        weights_dir: Else CaffeNet's features, if its weights' folder is given; else colours and outlines.
        cache_dir: Folder of the decoded crops.

    Raises:
        FileNotFoundError: If checkpoint or weights are missing.
        ValueError: If there are fewer than two classes, the checkpoint is none, or pictures cannot be read.
    """
    classes, labels = np.unique(table.labels, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"an audit needs crops of at least 2 classes, found {len(classes)}")
    resize, describe, name = _describer(checkpoint, weights_dir)
    store = open_store(table, resize, cache_dir)
    sizes = relative_log_sizes(store.sizes, table.photos)
    starts = range(0, len(table), BATCH_SIZE)
    steps = track(starts, "Describing crops", transient=True, disable=len(table) < 500)
    rows = [describe(np.array(store.images[at : at + BATCH_SIZE]), sizes[at : at + BATCH_SIZE]) for at in steps]
    samples = Samples(
        np.concatenate(rows),
        labels.astype(np.int64),
        np.asarray(table.photos, dtype=str),
        _contents(table, store.images),
        store.images,
    )
    return samples, store, name


def _describer(checkpoint: str | None, weights_dir: str | None) -> tuple[CropResize, Describe, str]:
    if checkpoint is not None:
        content = Checkpoint.read(checkpoint)
        return content.build_resize(), _embedded_by(content.build_embedder()), f"the embedding of {checkpoint}"
    if weights_dir is not None:
        backbone = CaffeNetPretrained(weights_dir=weights_dir)
        return CropResize(backbone.image_size), _caffenet(backbone.features.eval()), "CaffeNet as ImageNet left it"
    return CropResize(BUILT_IN_SIDE), lambda images, _: appearance(images), "colours and outlines"


def _embedded_by(embedder: nn.Module) -> Describe:
    @torch.inference_mode()
    def embed(images: NDArray[np.uint8], sizes: NDArray[np.float32]) -> NDArray[np.float32]:
        return embedder(_batch(images), torch.from_numpy(sizes)).float().numpy()

    return embed


def _caffenet(features: nn.Module) -> Describe:
    normalize = BatchPreprocessing()

    @torch.inference_mode()
    def describe(images: NDArray[np.uint8], sizes: NDArray[np.float32]) -> NDArray[np.float32]:
        maps = nn.functional.adaptive_avg_pool2d(features(normalize(_batch(images))), CELLS).flatten(1)
        # The root tames the few filters with large answers (Arandjelovic and Zisserman, Three things everyone should
        # know to improve object retrieval, 2012).
        return nn.functional.normalize(maps.clamp(min=0).sqrt()).numpy()

    return describe


def _batch(images: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(images).permute(0, 3, 1, 2)


def _contents(table: CropTable, images: NDArray[np.uint8]) -> NDArray[np.str_]:
    """Return a digest of each crop: of its file where the file is the crop, else of its pixels."""
    whole = np.isnan(table.boxes[:, 0])
    contents = [
        hashlib.md5(Path(str(file)).read_bytes() if is_file else np.ascontiguousarray(image).tobytes()).hexdigest()
        for file, is_file, image in zip(table.files, whole, images, strict=True)
    ]
    return np.array(contents)
