"""Fitting how likely two groups are one product, on photos whose products are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from analysis.clustering.linkage.constrained import constrained_groups, rounded
from analysis.review.candidates import find_candidates
from analysis.review.odds import DEFAULT_ODDS, Odds
from analysis.review.questions import medoid
from analysis.review.settled import settle

# Groups are looked at as they are at these parts of the threshold: a review merges and tears apart.
CUTS = (0.6, 0.8, 1.0, 1.25, 1.6)
# Pairs farther apart than so many thresholds are never asked about in time.
FARTHEST = 2.2

# Distance of every pair (n, n), product of each detection (n,), and the distance threshold.
KnownPhoto = tuple[NDArray[np.float64], NDArray[np.int64], float]


def fit_odds(photos: Sequence[KnownPhoto], spread: float = DEFAULT_ODDS.spread) -> Odds:
    """Return the logistic model of whether the two detections that a question shows are one product.

    Every photo counts alike, however many questions can be asked about it.

    Args:
        photos: Photos with known products, which the embedding should not have been trained on.
        spread: Standard deviation of the intercept over photos, which is not fitted.

    Raises:
        ValueError: If the photos hold no two detections of one product, or no two of different ones.
    """
    relative, same, weight = (np.concatenate(column) for column in zip(*map(_questions, photos), strict=True))
    if len(np.unique(same)) < 2:
        raise ValueError("fitting needs pairs of one product and pairs of two; the photos hold only one of both kinds")
    model = LogisticRegression(C=1e4).fit(relative[:, None], same, sample_weight=weight / weight.mean())
    return Odds(float(model.intercept_[0]), float(model.coef_[0, 0]), spread)


def _questions(photo: KnownPhoto) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """Return the relative distance, the answer and the weight of each question that could be asked about a photo."""
    distance, products, threshold = rounded(photo[0]), *photo[1:]
    known = settle((), len(products))
    relative, same = [], []
    for cut in CUTS:
        found = constrained_groups(distance, known.parts, known.apart, cut * threshold)
        candidates = find_candidates(known, found)
        for index in np.flatnonzero(candidates.mean <= FARTHEST * threshold):
            one, two = candidates.sides(int(index))
            relative.append(candidates.mean[index] / threshold)
            same.append(products[medoid(distance, one)] == products[medoid(distance, two)])
    return np.array(relative), np.array(same, dtype=bool), np.full(len(same), 1 / max(1, len(same)))
