"""At the end of a training: whether the checkpoint that comes with the project does better on what was held out."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
import pytorch_lightning as pl
from numpy.typing import NDArray
from torch.nn import functional

from analysis.clustering.protocols import Clusterer
from analysis.measures.nearest import nearest_neighbour_accuracy
from callbacks.calibration import EMBEDDED_AT_ONCE
from callbacks.grouping import scene_measures
from callbacks.protocols import Embedder, PhotoData, photos_of
from callbacks.result import best_checkpoint
from callbacks.validation_rows import ValidationRows, ValidationRowsCallback

ARI = "grouping_all/ari"
# What the data module calls boxes without a product.
UNKNOWN = "unknown"
NEAREST = "nearest-neighbour accuracy"
ADVICE = "group with the included one (leave checkpoint= out), or train with more crops"


class Reference(Protocol):
    """A trained checkpoint; see ``inference.grouper.Grouper``."""

    @property
    def embedder(self) -> Embedder:
        """From crops to embeddings."""

    @property
    def clusterer(self) -> Clusterer:
        """From embeddings to clusters."""


class ComparisonCallback(ValidationRowsCallback):
    """Says in one line where the training ended below the included checkpoint on the validation crops.

    Compared are the share of crops whose nearest crop of another photo is of their product, and the best ARI where
    photos are grouped.

    Args:
        reference: Loads the included checkpoint.
    """

    def __init__(self, reference: Callable[[], Reference]) -> None:
        super().__init__()
        self.reference = reference

    def on_fit_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Embed the validation crops once, in the first process."""
        if self.rows is None or not trainer.is_global_zero:
            return
        photos, reference = photos_of(trainer), self.reference()
        theirs = ValidationRows(_embedded(reference.embedder, photos), self.rows.predicted)
        own, others = _accuracy(photos, self.rows), _accuracy(photos, theirs)
        found = [f"{NEAREST} {own:.3f} instead of {others:.3f}"] if own < others else []
        groups = [reference.clusterer.fit(rows) for rows in theirs.by_scene(photos.scenes)]
        best, ari = _ari(trainer), scene_measures(photos, groups).get(ARI)
        if best is not None and ari is not None and best < ari:
            found.append(f"ARI {best:.3f} instead of {ari:.3f}")
        if found:
            print(f"warning: below the included checkpoint on the validation crops: {', '.join(found)}; {ADVICE}")


def _ari(trainer: pl.Trainer) -> float | None:
    """Return the best epoch's ARI where that chooses the checkpoint, else the last epoch's; None without any."""
    checkpoint = best_checkpoint(trainer)
    if checkpoint is not None and checkpoint.monitor == ARI and checkpoint.best_model_score is not None:
        return float(checkpoint.best_model_score)
    return float(trainer.callback_metrics[ARI]) if ARI in trainer.callback_metrics else None


def _embedded(embedder: Embedder, photos: PhotoData) -> NDArray[np.float32]:
    """Return embeddings (n, d) of the validation crops."""
    crops = photos.validation
    parts = (
        np.arange(len(crops))[start : start + EMBEDDED_AT_ONCE] for start in range(0, len(crops), EMBEDDED_AT_ONCE)
    )
    batches = (crops[part] for part in parts)
    side = 2 * (embedder.backbone.image_size,)
    return embedder.embed(
        # The same pixels where the sides are alike.
        (functional.interpolate(batch["image"].float(), side, mode="bilinear", antialias=True).byte(), batch["size"])
        for batch in batches
    ).numpy()


def _accuracy(photos: PhotoData, rows: ValidationRows) -> float:
    """Return the share of crops whose nearest crop of another photo is of their product, NaN where none can be."""
    names = photos.describe_validation(np.arange(len(rows.embeddings)))
    products, places = np.array(names).reshape(-1, 2).T
    if len(photos.scenes) == 1 and photos.scenes[0].photo is None:
        # One pile: the crops' photos are not known.
        places = np.full(len(places), "")
    known = products != UNKNOWN
    return nearest_neighbour_accuracy(rows.embeddings[known], products[known], places[known])
