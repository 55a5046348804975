"""Fitting a clustering to the photos of the training."""

from typing import Any, Protocol, runtime_checkable

import numpy as np


@runtime_checkable
class Calibratable(Protocol):
    """A clusterer that learns its threshold from labelled scenes."""

    def calibrate(self, scenes: list[tuple[np.ndarray, np.ndarray]]) -> float:
        """Fits the threshold on embeddings and labels of scenes, keeps it and returns it."""


def calibrate(clusterer: Calibratable, embedder: Any, datamodule: Any, num_crops: int) -> float:
    """Fits a clustering to training photos and returns its threshold; leaves the embedder in evaluation mode.

    Args:
        clusterer: Is fitted in place.
        embedder: From crops to embeddings.
        datamodule: Hands out whole training photos.
        num_crops: About how many crops to use.
    """
    scenes = [
        (embedder.embed(iter([(batch["image"], batch["size"])])).numpy(), batch["label"].numpy())
        for batch in datamodule.training_scenes(num_crops)
    ]
    return clusterer.calibrate(scenes)
