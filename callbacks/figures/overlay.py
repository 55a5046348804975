"""At validation end: draw the clusters and congregations of a few photos."""

import numpy as np
import pytorch_lightning as pl
from numpy.typing import NDArray

from analysis.aggregation.congregation import Aggregation
from analysis.figures.overlay import overlay_figure
from callbacks.clustering import fitted_clusterer
from callbacks.figures.figure_log import log_figure
from callbacks.protocols import Clustering, Scene, model_of, photos_of
from callbacks.validation_rows import ValidationRows, ValidationRowsCallback, is_last_epoch


class OverlayCallback(ValidationRowsCallback):
    """Draws what was grouped over the photos, of which the unlabelled ones come first.

    The drawn scenes are clustered anew, which takes milliseconds, so that no other callback needs to come before.

    Args:
        clustering: Clustering without its metric, which is the one the embedding is trained with.
        aggregation: From boxes and clusters to congregations.
        num_photos: Photos that are drawn, at least 1.
        every_n_epochs: Epochs between two drawings, at least 1; the last epoch is always drawn.

    Raises:
        ValueError: If a number is out of its range.
    """

    def __init__(
        self, clustering: Clustering, aggregation: Aggregation, num_photos: int = 3, every_n_epochs: int = 10
    ) -> None:
        super().__init__()
        if num_photos < 1 or every_n_epochs < 1:
            raise ValueError(f"num_photos and every_n_epochs must be at least 1, got {num_photos} and {every_n_epochs}")
        self.clustering = clustering
        self.aggregation = aggregation
        self.num_photos = num_photos
        self.every_n_epochs = every_n_epochs

    def on_validation_rows(self, trainer: pl.Trainer, pl_module: pl.LightningModule, rows: ValidationRows) -> None:
        """Draw in the first process, where it is the epoch's turn."""
        due = (trainer.current_epoch + 1) % self.every_n_epochs == 0 or is_last_epoch(trainer)
        if not due or not trainer.is_global_zero:
            return
        clusterer = fitted_clusterer(self.clustering, model_of(pl_module))
        scenes = photos_of(trainer).scenes
        # The unlabelled photo that a user brought matters more than labelled ones.
        pairs = sorted(zip(scenes, rows.by_scene(scenes), strict=True), key=lambda pair: pair[0].labels is not None)
        for scene, embeddings in [pair for pair in pairs if pair[0].photo is not None][: self.num_photos]:
            self._draw(trainer, scene, clusterer.fit(embeddings).labels)

    def _draw(self, trainer: pl.Trainer, scene: Scene, labels: NDArray[np.int64]) -> None:
        assert scene.photo is not None
        assert scene.boxes is not None
        photo = photos_of(trainer).pixels_of(scene.photo)
        congregations = self.aggregation.aggregate(scene.boxes, labels)
        figure = overlay_figure(photo, scene.boxes, labels, congregations, title=scene.name)
        log_figure(trainer, f"overlay/{scene.name}", figure)
