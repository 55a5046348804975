"""Fitting a clustering to the photos of the training."""

from typing import Any

import torch

from analysis.clustering.protocols import Calibratable

EMBEDDED_AT_ONCE = 100


def calibrate(clusterer: Calibratable, embedder: Any, datamodule: Any, num_crops: int) -> float:
    """Fits a clustering to training photos and returns its threshold; leaves the embedder in evaluation mode.

    Args:
        clusterer: Is fitted in place.
        embedder: From crops to embeddings.
        datamodule: Hands out whole training photos.
        num_crops: About how many crops to use.
    """
    batches = datamodule.training_scenes(num_crops)
    images, sizes = (torch.cat([batch[name] for batch in batches]) for name in ("image", "size"))
    # In one go: photos hold a few crops each, and small batches would leave the cores idle.
    chunks = zip(images.split(EMBEDDED_AT_ONCE), sizes.split(EMBEDDED_AT_ONCE), strict=True)
    embeddings = embedder.embed(chunks).split([len(batch["label"]) for batch in batches])
    pairs = zip(embeddings, batches, strict=True)
    return clusterer.calibrate([(rows.numpy(), batch["label"].numpy()) for rows, batch in pairs])
