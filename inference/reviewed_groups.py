"""Groups with what a person said of them; the page of the group command computes the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.clustering.calibrated import CalibratedClustering
from analysis.clustering.confidence import separation_confidence
from analysis.clustering.distance import pairwise_distance
from analysis.clustering.linkage.constrained import constrained_groups
from analysis.clustering.result import ClusteringResult
from analysis.review.answers import Answer
from analysis.review.review import Review
from analysis.review.settled import Settled, settle
from inference.grouper import Grouper
from inference.groups import Groups


def regroup(grouper: Grouper, groupings: Sequence[Groups], review: Review, across_photos: bool) -> list[Groups]:
    """Return the groups of photos anew, with a person's answers, and with the names that were given.

    Args:
        grouper: What found the groups.
        groupings: The groups of each photo of the review, in its order.
        review: What was said.
        across_photos: Whether all photos are grouped together; each by itself otherwise, as answers about detections
            of two photos then say nothing.

    Raises:
        ValueError: If the grouper's clustering has no distance threshold.
    """
    threshold = linkage_threshold(grouper)
    if threshold is None:
        raise ValueError(
            f"a review needs a distance threshold, and {type(grouper.clusterer).__name__} has none: "
            "take a checkpoint that was trained with clustering=calibrated"
        )
    units = [range(len(groupings))] if across_photos else [range(place, place + 1) for place in range(len(groupings))]
    regrouped: list[Groups] = []
    for places in units:
        answers = review.answers if across_photos else review.of_photo(places[0])
        regrouped += _regroup_together(grouper, [groupings[place] for place in places], answers, threshold)
    return regrouped


def linkage_threshold(grouper: Grouper) -> float | None:
    """Return at which mean distance groups still merge; None where something else than average linkage made them."""
    clusterer = grouper.clusterer
    if isinstance(clusterer, AgglomerativeClustering | CalibratedClustering):
        return clusterer.distance_threshold
    return None


def kept_embeddings(groups: Groups) -> NDArray[np.float32]:
    """Return what the groups of a photo were made from."""
    assert groups.embeddings is not None, "the grouper keeps the embeddings"
    return groups.embeddings


def _regroup_together(
    grouper: Grouper, groupings: Sequence[Groups], answers: Sequence[Answer], threshold: float
) -> list[Groups]:
    rows, metric = np.concatenate([kept_embeddings(groups) for groups in groupings]), grouper.embedder.metric.name
    known = settle(answers, len(rows))
    lowest = constrained_groups(pairwise_distance(rows, metric), known.parts, known.apart, threshold).groups
    labels = np.where(np.bincount(lowest)[lowest] > 1, lowest, -1)
    found = ClusteringResult.from_raw(labels, np.ones(len(rows)), separation_confidence(rows, labels, metric))
    names, ends = _names(known, lowest), np.cumsum([len(groups) for groups in groupings])
    columns = (np.split(values, ends[:-1]) for values in (found.labels, found.passes, found.confidence))
    regrouped = []
    for groups, end, labels, passes, confidence in zip(groupings, ends, *columns, strict=True):
        assert groups.scene.boxes is not None, "only boxes are reviewed"
        places = grouper.aggregation.aggregate(groups.scene.boxes, labels)
        own = names[end - len(groups) : end] if any(names) else ()
        parts = {"labels": labels, "passes": passes, "confidence": confidence}
        regrouped.append(replace(groups, **parts, congregations=places, names=own))
    return regrouped


def _names(known: Settled, lowest: NDArray[np.int64]) -> tuple[str, ...]:
    """Return the name of each detection's group; groups of two names are never joined."""
    named = {int(lowest[item]): name for item, name in known.names.items()}
    return tuple(named.get(group, "") for group in lowest.tolist())
