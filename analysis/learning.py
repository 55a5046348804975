"""What reviewed photos teach an embedding: in which directions a product varies there, and where products end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.clustering.calibrated import CalibratedClustering
from analysis.clustering.distance import pairwise_distance
from analysis.labels import rows_by_label
from analysis.measures.grouping import grouping_measures

# Chosen on detergents, see docs/review.md.
SHRINKAGE = 0.3
# The threshold from before counts like so many reviewed photos.
PRIOR_PHOTOS = 3

Rows = NDArray[np.float64]
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
    raw: Sequence[Rows] | None, products: Sequence[NDArray[np.int64]], embed: Embed, metric: str, threshold: float
) -> Learned:
    """Learn a transformation and a threshold from photos whose products are known.

    The threshold is fitted on photos that the transformation was not: on each with what the others teach. Few photos
    say little, so it is held near the one that joins as many pairs as the threshold did before. If these photos do not
    group better for it, nothing is learned.

    Args:
        raw: Raw embeddings (n, d) of each photo, None where they cannot be transformed: then the threshold alone is
            learned.
        products: Product of each detection (n,), numbered in each photo by itself.
        embed: Embeds a photo.
        metric: How embeddings are compared.
        threshold: The threshold from before.

    Raises:
        ValueError: If no photo has two detections.
    """
    places = range(len(products))
    if raw is None or len(raw) < 2:
        transformations: list[Rows | None] = [None] * len(products)
        final = None
    else:
        transformations = [
            _whitening([*raw[:place], *raw[place + 1 :]], [*products[:place], *products[place + 1 :]])
            for place in places
        ]
        final = _whitening(raw, products)
    before = [embed(place, None) for place in places]
    after = [embed(place, transformations[place]) for place in places]
    fitted = CalibratedClustering(metric).calibrate(list(zip(after, products, strict=True)))
    joined = (_distances(before, metric) <= threshold).mean()
    known = float(np.quantile(_distances(after, metric), joined))
    weights = [len(products), PRIOR_PHOTOS]
    held = float(np.exp(np.average(np.log(np.maximum([fitted, known], 1e-9)), weights=weights)))
    if _mean_ari(after, products, metric, held) <= _mean_ari(before, products, metric, threshold):
        return Learned(None, threshold)
    return Learned(final, held)


def _whitening(raw: Sequence[Rows], products: Sequence[NDArray[np.int64]]) -> Rows | None:
    """Return the transformation after which a product spreads alike in all directions, as far as it is believed.

    It is within-class covariance normalisation (Hatch, Kajarekar and Stolcke, 2006), shrunk towards no change; None
    where no product has two detections. A group counts with the root of its size.
    """
    groups = [photo[rows] for photo, own in zip(raw, products, strict=True) for rows in rows_by_label(own)]
    groups = [group for group in groups if len(group) > 1]
    if not groups:
        return None
    rest = [(group - group.mean(axis=0)) * (len(group) ** 0.5 / (len(group) - 1)) ** 0.5 for group in groups]
    within = np.concatenate(rest).T @ np.concatenate(rest)
    size = len(within)
    if np.trace(within) <= 0:
        return None
    within = (1 - SHRINKAGE) * within / np.trace(within) + SHRINKAGE / size * np.eye(size)
    values, vectors = np.linalg.eigh(within)
    found = (vectors * values**-0.5) @ vectors.T
    return np.asarray(found / np.linalg.norm(found) * size**0.5)


def _distances(photos: Sequence[NDArray[np.float32]], metric: str) -> NDArray[np.float64]:
    return np.concatenate([pairwise_distance(rows, metric)[np.triu_indices(len(rows), k=1)] for rows in photos])


def _mean_ari(
    photos: Sequence[NDArray[np.float32]], products: Sequence[NDArray[np.int64]], metric: str, threshold: float
) -> float:
    clustering = AgglomerativeClustering(metric, distance_threshold=threshold)
    pairs = zip(photos, products, strict=True)
    return float(np.mean([grouping_measures(own, clustering.fit(rows).labels)["ari"] for rows, own in pairs]))
