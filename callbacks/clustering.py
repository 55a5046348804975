"""The clustering of a training, as the callbacks that group photos share it."""

from analysis.clustering.protocols import Calibratable, Clusterer
from callbacks.protocols import Clustering, TrainedModel


def fitted_clusterer(clustering: Clustering, model: TrainedModel) -> Clusterer:
    """Return a clusterer in the model's metric, with the threshold that it was calibrated to.

    Raises:
        ValueError: If it needs a threshold and has none.
    """
    clusterer = clustering(metric=model.embedder.metric.name)
    if isinstance(clusterer, Calibratable):
        if model.distance_threshold is not None:
            clusterer.distance_threshold = model.distance_threshold
        if clusterer.distance_threshold is None:
            raise ValueError(
                "clustering=calibrated has no threshold: keep callbacks.calibration, or type "
                "clustering.distance_threshold=NUMBER"
            )
    return clusterer
