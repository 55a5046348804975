"""What the page needs to review its groups: the photos' identity, the distances, and how questions are chosen."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from analysis.clustering.distance import pairwise_distance
from analysis.clustering.linkage.constrained import RESOLUTION
from analysis.review.answers import Answer
from analysis.review.odds import DEFAULT_ODDS
from analysis.review.questions import SLIPS, WORTH_ASKING
from analysis.review.review import Review, ReviewedPhoto
from analysis.shelf.rows import find_rows
from inference.grouper import Grouper
from inference.groups import Groups
from inference.reviewed_groups import kept_embeddings, linkage_threshold

# The distances of so many detections weigh one megabyte.
MAX_DETECTIONS = 600
# What 32 bits hold.
MAX_DISTANCE = 2**32 * RESOLUTION - 1


class Unit(TypedDict):
    """Photos that are grouped together.

    The distances are the upper triangle in units of the linkage's resolution, 32 bits each, in base64; None where there
    is no review, with the reason.
    """

    photos: list[int]
    distances: str | None
    reason: str | None


class PageReview(TypedDict):
    """All that the page's script is told.

    `key` names these photos with these boxes, `names` are the known products that detections were taken for, if they
    were looked for, and `answers` were given before.
    """

    key: str
    acrossPhotos: bool
    photos: list[dict[str, object]]
    ids: list[list[str]]
    names: list[str]
    shelves: list[dict[str, list[int]]]
    answers: list[dict[str, object]]
    units: list[Unit]
    threshold: float
    odds: dict[str, float]
    worthAsking: float
    slips: float
    gaps: list[float]
    bridgesOthers: bool


def page_review(
    groupings: Sequence[Groups],
    sizes: Sequence[tuple[int, int]],
    grouper: Grouper,
    across_photos: bool,
    answers: Sequence[Answer] = (),
) -> PageReview | str:
    """Return what the page needs to review some photos, or why none of them can be reviewed.

    Args:
        groupings: What was found in each photo.
        sizes: Width and height of each photo in pixels.
        grouper: What found it.
        across_photos: Whether all photos were grouped together.
        answers: What was said of them already; detections are numbered through all photos.
    """
    members = [list(range(len(groupings)))] if across_photos else [[number] for number in range(len(groupings))]
    units = [_unit(own, groupings, grouper) for own in members]
    reasons = [unit["reason"] for unit in units if unit["reason"] is not None]
    if len(reasons) == len(units):
        return reasons[0]
    photos = tuple(_identity(*pair) for pair in zip(groupings, sizes, strict=True))
    plain = json.loads(Review(photos, tuple(answers), across_photos).to_json())
    aggregation = grouper.aggregation
    return {
        "key": hashlib.sha256(json.dumps([across_photos, plain["photos"]]).encode()).hexdigest(),
        "acrossPhotos": across_photos,
        "photos": plain["photos"],
        "ids": [list(grouping.scene.ids) for grouping in groupings],
        "names": [name for grouping in groupings if grouping.name_confidence is not None for name in grouping.names],
        "shelves": [_shelf(photo) for photo in photos],
        "answers": plain["answers"],
        "units": units,
        "threshold": linkage_threshold(grouper) or 0.0,
        "odds": asdict(DEFAULT_ODDS),
        "worthAsking": WORTH_ASKING,
        "slips": SLIPS,
        "gaps": [aggregation.gap_x, aggregation.gap_y],
        "bridgesOthers": aggregation.bridge_over_others,
    }


def _identity(grouping: Groups, size: tuple[int, int]) -> ReviewedPhoto:
    scene = grouping.scene
    assert scene.photo is not None, "only scenes with a photo are written"
    assert scene.boxes is not None, "a photo has boxes"
    return ReviewedPhoto.of(scene.photo, size, scene.boxes.tolist())


def _shelf(photo: ReviewedPhoto) -> dict[str, list[int]]:
    """Return the row of each box, and the box that it stands on."""
    rows = find_rows(np.array(photo.boxes, dtype=np.float64).reshape(-1, 4))
    return {"row": rows.row.tolist(), "below": rows.below.tolist()}


def _unit(photos: list[int], groupings: Sequence[Groups], grouper: Grouper) -> Unit:
    num_detections = sum(len(groupings[photo]) for photo in photos)
    reason = None
    if linkage_threshold(grouper) is None:
        reason = "This checkpoint's clustering has no distance threshold; clustering=calibrated has one."
    elif num_detections > MAX_DETECTIONS:
        reason = f"A page reviews at most {MAX_DETECTIONS} items that are grouped together, these are {num_detections}."
    else:
        rows = np.concatenate([kept_embeddings(groupings[photo]) for photo in photos])
        distance = pairwise_distance(rows, grouper.embedder.metric.name)
        if distance.max(initial=0) < MAX_DISTANCE:
            return {"photos": photos, "distances": encoded_distances(distance), "reason": None}
        reason = f"Distances of {distance.max():.3g} are larger than a page can hold."
    return {"photos": photos, "distances": None, "reason": reason}


def encoded_distances(distance: NDArray[np.float64]) -> str:
    """Return the upper triangle of distances (n, n) below MAX_DISTANCE as the page takes it."""
    steps = np.rint(distance[np.triu_indices(len(distance), k=1)] / RESOLUTION)
    return base64.b64encode(steps.astype("<u4").tobytes()).decode("ascii")
