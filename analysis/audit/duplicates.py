"""Several names for one product: pairs of classes whose crops cannot be distinguished."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from analysis.audit.samples import Samples
from analysis.labels import rows_by_label

# A pair is listed when its crops are put in the right order less often than this (0.5 is chance).
LISTED_AUC = 0.75
LISTED_SHARED = 0.25
CONFIDENT_SHARED = 0.8
CONFIDENT_PHOTOS = 3
# Who writes two names on one photo sees a difference, be it too small for a classifier.
CONFIDENT_TOGETHER = 0.1
# One-sided 90 % bound.
DEVIATIONS = 1.28


@dataclass(frozen=True)
class Duplicate:
    """Two classes that seem to be one product.

    Attributes:
        first: The class with more crops.
        second: The other one.
        score: 0..1; 1 is certainly one product.
        confident: Whether the evidence is enough to act on.
        separability: Probability that a linear classifier, trained on other photos, ranks a crop of the first class
            above one of the second (area under the curve); 0.5 is guessing, NaN is unknown.
        shared: Share of the smaller class's distinct images that also lie in the other, byte for byte.
        photos: Photos of each class.
        together: Photos that show both.
    """

    first: int
    second: int
    score: float
    confident: bool
    separability: float
    shared: float
    photos: tuple[int, int]
    together: int


def find_duplicates(samples: Samples, scores: NDArray[np.float64]) -> list[Duplicate]:
    """Return the pairs of classes that may be one product, by decreasing confidence.

    Two classes are compared as two samples: if a classifier that never saw a photo cannot separate their crops on
    it, nothing visible distinguishes them. Files in common are evidence of their own.

    Args:
        samples: The crops.
        scores: What ``held_out_scores`` returned for them.

    References:
        Lopez-Paz and Oquab, Revisiting classifier two-sample tests, 2017.
    """
    members = rows_by_label(samples.labels)
    groups = samples.groups()
    photos = [set(groups[rows].tolist()) for rows in members]
    images = [set(samples.contents[rows].tolist()) for rows in members]
    found = []
    for first in range(len(members)):
        for second in range(first + 1, len(members)):
            pair = (first, second) if len(members[first]) >= len(members[second]) else (second, first)
            left, right = pair
            separability = _separability(scores, members[left], members[right], left, right)
            shared = len(images[left] & images[right]) / min(len(images[left]), len(images[right]))
            counts = (len(photos[left]), len(photos[right]))
            if separability <= LISTED_AUC or shared >= LISTED_SHARED:
                together = len(photos[left] & photos[right])
                found.append(_judged(pair, separability, shared, counts, together))
    return sorted(found, key=lambda finding: (-finding.confident, -finding.score))


def _judged(
    pair: tuple[int, int], separability: float, shared: float, photos: tuple[int, int], together: int
) -> Duplicate:
    bound = separability + DEVIATIONS * _standard_error(separability, photos)
    alike = 0.0 if np.isnan(bound) else float(np.clip(2 * (1 - bound), 0, 1))
    apart = together <= CONFIDENT_TOGETHER * min(photos)
    confident_alike = min(photos) >= CONFIDENT_PHOTOS and bound <= LISTED_AUC and apart
    confident = shared >= CONFIDENT_SHARED and (np.isnan(separability) or separability <= LISTED_AUC)
    return Duplicate(
        *pair, max(alike, shared), bool(confident or confident_alike), separability, shared, photos, together
    )


def _separability(
    scores: NDArray[np.float64], left: NDArray[np.int64], right: NDArray[np.int64], first: int, second: int
) -> float:
    """Return the area under the ROC curve of two classes' log-odds, as a rank statistic (Mann and Whitney 1947)."""
    odds = [scores[rows, first] - scores[rows, second] for rows in (left, right)]
    ours, theirs = (values[np.isfinite(values)] for values in odds)
    if not len(ours) or not len(theirs):
        return float("nan")
    ranks = rankdata(np.concatenate([ours, theirs]))[: len(ours)].sum()
    return float((ranks - len(ours) * (len(ours) + 1) / 2) / (len(ours) * len(theirs)))


def _standard_error(area: float, photos: tuple[int, int]) -> float:
    """Return the standard error of an area under the curve (Hanley and McNeil 1982).

    Photos are counted, because crops of one photo are not independent.
    """
    area = float(np.clip(area, 0.05, 0.95))
    ours, theirs = photos
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (ours - 1) * (one - area**2) + (theirs - 1) * (two - area**2)
    return float(np.sqrt(max(variance, 0.0) / (ours * theirs)))
