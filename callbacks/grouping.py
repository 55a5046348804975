"""At validation end: cluster every scene and measure the labelled ones."""

from collections.abc import Sequence

import numpy as np
import pytorch_lightning as pl

from analysis.clustering.result import ClusteringResult
from analysis.measures.grouping import mean_measures
from analysis.measures.per_photo import by_part, measure_photo
from callbacks.clustering import fitted_clusterer
from callbacks.protocols import Clustering, PhotoData, model_of, photos_of
from callbacks.validation_rows import ValidationRows, ValidationRowsCallback


class GroupingCallback(ValidationRowsCallback):
    """Logs how well the detections of each photo are grouped, as means over photos.

    Every photo is clustered as a whole. Measures are taken over all of its detections, over those of products known
    from training (seen), and over those of other products (unseen). Names are ``grouping_PART/MEASURE``, and
    ``grouping_SOURCE_PART/MEASURE`` for each source where there are several.

    Args:
        clustering: Clustering without its metric, which is the one the embedding is trained with.
    """

    def __init__(self, clustering: Clustering) -> None:
        super().__init__()
        self.clustering = clustering

    def on_validation_rows(self, trainer: pl.Trainer, pl_module: pl.LightningModule, rows: ValidationRows) -> None:
        """Cluster and measure in the first process, and log the same values in all of them."""
        values = {}
        if trainer.is_global_zero:
            photos = photos_of(trainer)
            clusterer = fitted_clusterer(self.clustering, model_of(pl_module))
            values = scene_measures(photos, [clusterer.fit(embeddings) for embeddings in rows.by_scene(photos.scenes)])
        for name, value in trainer.strategy.broadcast(values).items():
            pl_module.log(name, value, sync_dist=True)


def measures_of(photos: PhotoData) -> list[str]:
    """Return the names of the measures that :class:`GroupingCallback` will log."""
    truth = [np.zeros(len(scene)) if scene.labels is None else scene.labels for scene in photos.scenes]
    perfect = [ClusteringResult.from_raw(labels, np.ones(len(labels)), np.ones(len(labels))) for labels in truth]
    return list(scene_measures(photos, perfect))


def scene_measures(photos: PhotoData, clusterings: Sequence[ClusteringResult]) -> dict[str, float]:
    """Return the number of clusters of unlabelled scenes, and the means of the measures over the labelled ones."""
    values, measured = {}, []
    for scene, clustering in zip(photos.scenes, clusterings, strict=True):
        if scene.labels is None:
            values[f"clusters/{scene.name}"] = float(clustering.num_clusters)
        else:
            measured.append(measure_photo(scene.labels, clustering.labels, photos.seen(scene.labels), scene.source))
    for part, measures in by_part(measured).items():
        means = mean_measures(measures)
        values |= {f"grouping_{part}/{name}": value for name, value in means.items() if not np.isnan(value)}
    return values
