"""Several names for one product: pairs of classes whose crops cannot be distinguished."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

from analysis.audit.reliability.outliers import outstanding
from analysis.audit.samples import Samples
from analysis.labels import rows_by_label

# A pair is listed when its crops are put in the right order less often than this (0.5 is chance).
LISTED_AUC = 0.75
LISTED_SHARED = 0.25
CONFIDENT_SHARED = 0.8
# One file in two classes may be a placeholder, or one wrong crop.
CONFIDENT_IMAGES = 3
CONFIDENT_PHOTOS = 3
# Who writes two names on one photo sees a difference, be it too small for a classifier.
CONFIDENT_TOGETHER = 0.1
# One-sided 90 % bound.
DEVIATIONS = 1.28
# A pair with an area under the curve below this is as close as pairs can be.
CLOSEST_AUC = 0.55
# Classes differ in three directions or more: the share of pairs nearer than x falls at most as x to the power of 3.
LEAST_SCALE = 1 / 3
# More than one pair for five classes are ranges of look-alikes, and no slips of the pen.
CLASSES_PER_PAIR = 5


@dataclass(frozen=True)
class Duplicate:
    """Two classes that seem to be one product.

    Attributes:
        first: The class with more crops.
        second: The other one.
        score: 0..1; 1 is certainly one product.
        confident: Whether the evidence is enough to act on.
        by_copies: Whether it lies in the files and not in the features.
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
    by_copies: bool
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
    pairs = [_by_size(pair, members) for pair in zip(*np.triu_indices(len(members), 1), strict=True)]
    areas = np.array([_separability(scores, members[left], members[right], left, right) for left, right in pairs])
    counts = [(len(photos[left]), len(photos[right])) for left, right in pairs]
    bounds = areas + DEVIATIONS * np.array([_standard_error(*item) for item in zip(areas, counts, strict=True)])
    alike = outstanding(_closeness(bounds), max(1, len(members) // CLASSES_PER_PAIR), LEAST_SCALE)
    # A class that resembles several others belongs to a range of look-alikes.
    kin = np.bincount(np.array(pairs)[areas <= LISTED_AUC].ravel(), minlength=len(members))
    found = []
    for place in range(len(pairs)):
        left, right = pairs[place]
        common = len(images[left] & images[right])
        shared = common / min(len(images[left]), len(images[right]))
        if areas[place] <= LISTED_AUC or shared >= LISTED_SHARED:
            together = len(photos[left] & photos[right])
            apart = together <= CONFIDENT_TOGETHER * min(counts[place])
            known = apart and min(counts[place]) >= CONFIDENT_PHOTOS
            sure = known and alike[place] and bounds[place] <= LISTED_AUC and max(kin[left], kin[right]) == 1
            by_copies = shared >= CONFIDENT_SHARED and common >= CONFIDENT_IMAGES and not areas[place] > LISTED_AUC
            score = max(float(np.nan_to_num(np.clip(2 * (1 - bounds[place]), 0, 1))), shared)
            found.append(
                Duplicate(
                    left, right, score, bool(sure or by_copies), by_copies, float(areas[place]), shared,
                    counts[place], together,
                )
            )  # fmt: skip
    return sorted(found, key=lambda finding: (-finding.confident, -finding.score))


def _by_size(pair: tuple[np.int64, np.int64], members: list[NDArray[np.int64]]) -> tuple[int, int]:
    first, second = int(pair[0]), int(pair[1])
    return (first, second) if len(members[first]) >= len(members[second]) else (second, first)


def _closeness(bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return minus the logarithm of the distance of two classes in deviations, by the bound of their separability."""
    closeness = -np.log(np.sqrt(2) * norm.ppf(np.clip(bounds, CLOSEST_AUC, 0.9999)))
    return np.asarray(np.where(np.isnan(bounds), -np.inf, closeness))


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
