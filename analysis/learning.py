"""What reviewed photos teach an embedding: a transformation, and where products end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.clustering.calibrated import CalibratedClustering
from analysis.clustering.distance import pairwise_distance
from analysis.measures.grouping import grouping_measures

# Photos are left out in at most so many parts.
MAX_FOLDS = 5
# The threshold from before counts like so many reviewed photos.
PRIOR_PHOTOS = 3

Rows = NDArray[np.float64]
# From the places of photos to a transformation that they teach.
Teach = Callable[[Sequence[int]], Rows | None]
# From the place of a photo and a transformation of raw embeddings to the embeddings as they are clustered.
Embed = Callable[[int, Rows | None], NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Learned:
    """What is to be changed of an embedding.

    Attributes:
        transformation: Shape (d, d), of raw embeddings; None for none.
        threshold: Largest mean distance at which two groups merge.
    """

    transformation: Rows | None
    threshold: float


def learn(
    teach: Teach | None, products: Sequence[NDArray[np.int64]], embed: Embed, metric: str, threshold: float
) -> Learned:
    """Learn a transformation and a threshold from photos whose products are known.

    The threshold is fitted on photos that the transformation was not: on each with what others teach. Few photos say
    little, so it is held near the one that joins as many pairs as the threshold did before. If these photos do not
    group better for it, by more than the standard error of that, nothing is learned.

    Args:
        teach: Finds a transformation from some of the photos; None where embeddings cannot be transformed: then the
            threshold alone is learned.
        products: Product of each detection (n,).
        embed: Embeds a photo.
        metric: How embeddings are compared.
        threshold: The threshold from before.

    Raises:
        ValueError: If no photo has two detections.
    """
    places = range(len(products))
    final: Rows | None = None
    left_out: dict[int, Rows | None] = dict.fromkeys(places)
    if teach is not None and len(products) > 1:
        final = teach(places)
        for fold in range(min(len(products), MAX_FOLDS)):
            own = places[fold::MAX_FOLDS]
            left_out |= dict.fromkeys(own, teach([place for place in places if place not in own]))
    before = [embed(place, None) for place in places]
    after = [embed(place, left_out[place]) for place in places]
    fitted = CalibratedClustering(metric).calibrate(list(zip(after, products, strict=True)))
    joined = (_distances(before, metric) <= threshold).mean()
    known = float(np.quantile(_distances(after, metric), joined))
    weights = [len(products), PRIOR_PHOTOS]
    held = float(np.exp(np.average(np.log(np.maximum([fitted, known], 1e-9)), weights=weights)))
    gains = _ari(after, products, metric, held) - _ari(before, products, metric, threshold)
    if gains.mean() <= gains.std(ddof=min(1, len(gains) - 1)) / len(gains) ** 0.5:
        return Learned(None, threshold)
    return Learned(final, held)


def _distances(photos: Sequence[NDArray[np.float32]], metric: str) -> NDArray[np.float64]:
    return np.concatenate([pairwise_distance(rows, metric)[np.triu_indices(len(rows), k=1)] for rows in photos])


def _ari(
    photos: Sequence[NDArray[np.float32]], products: Sequence[NDArray[np.int64]], metric: str, threshold: float
) -> NDArray[np.float64]:
    clustering = AgglomerativeClustering(metric, distance_threshold=threshold)
    pairs = zip(photos, products, strict=True)
    return np.array([grouping_measures(own, clustering.fit(rows).labels)["ari"] for rows, own in pairs])
