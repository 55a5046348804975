"""At validation end: cluster every scene, measure the labelled ones, draw those with a photo."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytorch_lightning as pl
from PIL import Image, ImageOps

from analysis.clustering.protocols import Calibratable, Clusterer
from analysis.clustering.result import ClusteringResult
from analysis.figures.overlay import overlay_figure
from analysis.measures.grouping import mean_measures
from analysis.measures.per_photo import by_part, measure_photo
from callbacks.calibration import calibrate
from callbacks.figures.figure_log import log_figure
from callbacks.validation_rows import ValidationRows, ValidationRowsCallback, is_last_epoch

THRESHOLD = "clustering/distance_threshold"


class GroupingCallback(ValidationRowsCallback):
    """Logs how well the detections of each photo are grouped, as means over photos.

    Every photo is clustered as a whole. Measures are taken over all of its detections, over those of products known
    from training (seen), and over those of other products (unseen). Names are ``grouping_PART/MEASURE``, and
    ``grouping_SOURCE_PART/MEASURE`` for each source where there are several.

    Args:
        clustering: Clustering without its metric, which is the one the embedding is trained with.
        aggregation: From boxes and clusters to congregations.
        num_overlays: Scenes with a photo that are drawn, at least 0.
        overlay_every_n_epochs: Epochs between two drawings, at least 1; the last epoch is always drawn.
        calibration_crops: About how many crops of training photos a clustering is calibrated on that can be; the
            threshold goes into the checkpoint.

    Raises:
        ValueError: If a number is out of its range.
    """

    def __init__(
        self,
        clustering: Callable[..., Clusterer],
        aggregation: Any,
        num_overlays: int = 3,
        overlay_every_n_epochs: int = 10,
        calibration_crops: int = 600,
    ) -> None:
        super().__init__()
        if num_overlays < 0 or overlay_every_n_epochs < 1:
            raise ValueError(
                "num_overlays must be at least 0 and overlay_every_n_epochs at least 1, "
                f"got {num_overlays} and {overlay_every_n_epochs}"
            )
        self.clustering = clustering
        self.aggregation = aggregation
        self.num_overlays = num_overlays
        self.overlay_every_n_epochs = overlay_every_n_epochs
        self.calibration_crops = calibration_crops

    def on_validation_rows(self, trainer: pl.Trainer, pl_module: pl.LightningModule, rows: ValidationRows) -> None:
        """Clusters, measures and draws in the first process, and logs the same values in all of them."""
        values = self._evaluate(trainer, pl_module, rows) if trainer.is_global_zero else {}
        self._log(trainer, pl_module, values)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Calibrates where nothing is held back, and so no validation does it."""
        clusterer = self.clustering(metric=pl_module.embedder.metric.name)
        if isinstance(clusterer, Calibratable) and not len(trainer.datamodule.validation):
            values = self._calibrate(clusterer, trainer, pl_module) if trainer.is_global_zero else {}
            self._log(trainer, pl_module, values)
            pl_module.train()

    def _log(self, trainer: pl.Trainer, pl_module: pl.LightningModule, values: dict[str, float]) -> None:
        """Logs what the first process found."""
        values = trainer.strategy.broadcast(values)
        if THRESHOLD in values:
            pl_module.keep_distance_threshold(values[THRESHOLD])
        for name, value in values.items():
            pl_module.log(name, value, sync_dist=True)

    def _evaluate(self, trainer: pl.Trainer, pl_module: pl.LightningModule, rows: ValidationRows) -> dict[str, float]:
        scenes = trainer.datamodule.scenes
        clusterer = self.clustering(metric=pl_module.embedder.metric.name)
        values = {}
        if isinstance(clusterer, Calibratable):
            values = self._calibrate(clusterer, trainer, pl_module)
        ends = np.cumsum([len(scene) for scene in scenes])
        parts = np.split(rows.embeddings[: ends[-1]], ends[:-1]) if len(scenes) else []
        clusterings = [clusterer.fit(embeddings) for embeddings in parts]
        if (trainer.current_epoch + 1) % self.overlay_every_n_epochs == 0 or is_last_epoch(trainer):
            self._draw(trainer, clusterings)
        return values | self._measures(trainer, clusterings)

    def _calibrate(
        self, clusterer: Calibratable, trainer: pl.Trainer, pl_module: pl.LightningModule
    ) -> dict[str, float]:
        return {THRESHOLD: calibrate(clusterer, pl_module.embedder, trainer.datamodule, self.calibration_crops)}

    def _measures(self, trainer: pl.Trainer, clusterings: list[ClusteringResult]) -> dict[str, float]:
        values, photos = {}, []
        for scene, clustering in zip(trainer.datamodule.scenes, clusterings, strict=True):
            if scene.labels is None:
                values[f"clusters/{scene.name}"] = float(clustering.num_clusters)
                continue
            seen = trainer.datamodule.seen(scene.labels)
            photos.append(measure_photo(scene.labels, clustering.labels, seen, scene.source))
        for part, measures in by_part(photos).items():
            for name, value in mean_measures(measures).items():
                if not np.isnan(value):
                    values[f"grouping_{part}/{name}"] = value
        return values

    def _draw(self, trainer: pl.Trainer, clusterings: list[ClusteringResult]) -> None:
        pairs = zip(trainer.datamodule.scenes, clusterings, strict=True)
        with_photo = [(scene, clustering) for scene, clustering in pairs if scene.photo is not None]
        # The unlabelled shelf that a user brought matters more than labelled ones, and stands first.
        with_photo.sort(key=lambda pair: pair[0].labels is not None)
        for scene, clustering in with_photo[: self.num_overlays]:
            congregations = self.aggregation.aggregate(scene.boxes, clustering.labels)
            photo = np.asarray(ImageOps.exif_transpose(Image.open(scene.photo)).convert("RGB"))
            figure = overlay_figure(photo, scene.boxes, clustering.labels, congregations, title=scene.name)
            log_figure(trainer, f"overlay/{scene.name}", figure)
