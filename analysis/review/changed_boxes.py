"""A review carried over to photos whose boxes have changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment

from analysis.review.review import Review, ReviewedPhoto

MIN_OVERLAP = 0.5


@dataclass(frozen=True)
class CarriedOver:
    """The answers of a review about today's boxes.

    Attributes:
        review: The answers that are left, with today's photos.
        notes: What could not be carried over, a sentence each.
    """

    review: Review
    notes: tuple[str, ...]


def carry_over(review: Review, photos: Sequence[ReviewedPhoto]) -> CarriedOver:
    """Return a review's answers about the boxes that its photos have today.

    Photos are known by their content. Photos without answers, and answers about photos that are not given, do no harm.

    Raises:
        ValueError: If a photo has the name of a reviewed one and another content, or none of the photos was reviewed.
    """
    today = Review(tuple(photos), (), review.across_photos)
    numbers: dict[int, int] = {}
    notes: list[str] = []
    places = [_place(photo, photos) for photo in review.photos]
    if all(place is None for place in places):
        raise ValueError(
            f"none of the photos was reviewed; the review is of {', '.join(p.file for p in review.photos)}"
        )
    for start, photo, place in zip(review.starts, review.photos, places, strict=False):
        if place is None:
            notes.append(f"{photo.file} was reviewed and is not among the photos")
            continue
        found = match_boxes(photo.boxes, photos[place].boxes)
        numbers |= {start + old: today.starts[place] + int(new) for old, new in enumerate(found) if new >= 0}
        if missing := np.flatnonzero(found < 0).tolist():
            notes.append(
                f"{photo.file}: {len(missing)} reviewed boxes are gone, the first is {photo.boxes[missing[0]]}"
            )
    moved = [answer.moved(numbers) for answer in review.answers]
    if lost := moved.count(None):
        notes.append(f"{lost} of {len(moved)} answers are about boxes that are gone")
    kept = tuple(answer for answer in moved if answer is not None)
    return CarriedOver(Review(tuple(photos), kept, review.across_photos), tuple(notes))


def _place(photo: ReviewedPhoto, photos: Sequence[ReviewedPhoto]) -> int | None:
    """Return where a reviewed photo is today; of several copies the one of its name."""
    same = [place for place, other in enumerate(photos) if other.sha256 == photo.sha256]
    named = [place for place, other in enumerate(photos) if other.file == photo.file]
    if named and not same:
        raise ValueError(
            f"the review is of another {photo.file}, of {photo.bytes} bytes and other content than this one of "
            f"{photos[named[0]].bytes}; give the photo that was reviewed"
        )
    return next((place for place in same if place in named), same[0] if same else None)


def match_boxes(old: ArrayLike, new: ArrayLike, min_overlap: float = MIN_OVERLAP) -> NDArray[np.int64]:
    """Return for each old box the new one that is the same detection, -1 for none; each new one at most once.

    The sum of the overlaps is as large as can be. Equal boxes always match.

    Args:
        old: Shape (n, 4), x1, y1, x2, y2.
        new: Shape (m, 4).
        min_overlap: Least intersection over union.
    """
    first, second = (np.asarray(boxes, dtype=float).reshape(-1, 4) for boxes in (old, new))
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (first, second)]
    overlap = shared / (areas[0][:, None] + areas[1] - shared)
    # Twice the overlap of any two others: an equal box is not given away for a better sum.
    rows, columns = linear_sum_assignment(
        np.where(overlap >= min_overlap, overlap, 0) + 2 * (overlap == 1), maximize=True
    )
    found = np.full(len(first), -1, dtype=np.int64)
    good = overlap[rows, columns] >= min_overlap
    found[rows[good]] = columns[good]
    return found
