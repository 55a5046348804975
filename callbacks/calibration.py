"""Before each validation: fit the clustering's threshold on training photos."""

import math

import numpy as np
import pytorch_lightning as pl
import torch
from numpy.typing import NDArray

from analysis.clustering.protocols import Calibratable
from callbacks.divergence import divergence
from callbacks.protocols import Clustering, Embedder, PhotoData, model_of, photos_of

THRESHOLD = "clustering/distance_threshold"
NUM_CROPS = 600
EMBEDDED_AT_ONCE = 100

LabelledScenes = list[tuple[NDArray[np.float32], NDArray[np.int64]]]


class CalibrationCallback(pl.Callback):
    """Fits the threshold of a clustering that can learn it, logs it, and hands it to the module.

    It acts before the first batch of a validation, so that whoever clusters at its end finds the threshold.

    Args:
        clustering: Clustering without its metric, which is the one the embedding is trained with.
        num_crops: About how many crops of whole training photos the threshold is fitted on.

    Raises:
        ValueError: If ``num_crops`` is not positive.
    """

    def __init__(self, clustering: Clustering, num_crops: int = NUM_CROPS) -> None:
        if num_crops < 1:
            raise ValueError(f"callbacks.calibration.num_crops must be at least 1, got {num_crops}")
        self.clustering, self.num_crops = clustering, num_crops

    def on_validation_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Calibrate, except while Lightning only checks that validation runs."""
        if not trainer.sanity_checking:
            self._calibrate(trainer, pl_module)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Calibrate where nothing is held out, and so no validation comes."""
        if not len(photos_of(trainer).validation):
            self._calibrate(trainer, pl_module)
            pl_module.train()

    def _calibrate(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Fit in the first process, and keep and log the same threshold in all of them."""
        model = model_of(pl_module)
        clusterer = self.clustering(metric=model.embedder.metric.name)
        if not isinstance(clusterer, Calibratable):
            return
        threshold = math.nan
        if trainer.is_global_zero:
            scenes = embedded_scenes(model.embedder, photos_of(trainer), self.num_crops)
            if all(np.isfinite(rows).all() for rows, _ in scenes):
                threshold = clusterer.calibrate(scenes)
        threshold = trainer.strategy.broadcast(threshold)
        if math.isnan(threshold):
            raise divergence(trainer)
        model.keep_distance_threshold(threshold)
        pl_module.log(THRESHOLD, threshold, sync_dist=True)


def calibrate(clusterer: Calibratable, embedder: Embedder, photos: PhotoData, num_crops: int = NUM_CROPS) -> float:
    """Fit a clusterer in place on training photos; return its threshold, leave the embedder in evaluation mode."""
    return clusterer.calibrate(embedded_scenes(embedder, photos, num_crops))


def embedded_scenes(embedder: Embedder, photos: PhotoData, num_crops: int) -> LabelledScenes:
    """Return embeddings (n, d) and labels (n,) of whole training photos of about so many crops together."""
    batches = photos.training_scenes(num_crops)
    images, sizes = (torch.cat([batch[name] for batch in batches]) for name in ("image", "size"))
    # In one go: photos hold a few crops each, and small batches would leave the cores idle.
    chunks = zip(images.split(EMBEDDED_AT_ONCE), sizes.split(EMBEDDED_AT_ONCE), strict=True)
    embeddings = embedder.embed(chunks).split([len(batch["label"]) for batch in batches])
    return [(rows.numpy(), batch["label"].numpy()) for rows, batch in zip(embeddings, batches, strict=True)]
