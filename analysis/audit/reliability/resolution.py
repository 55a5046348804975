"""How well features tell a data set's classes apart on photos that were left out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from analysis.audit.discriminants import held_out_scores
from analysis.audit.samples import Samples, principal_components

RESAMPLES = 500


class Accuracy(NamedTuple):
    """A share of the crops, 0..1, and the interval that holds it with 95 % confidence.

    Attributes:
        share: The share.
        low: Lower end.
        high: Upper end.
    """

    share: float
    low: float
    high: float


def held_out_accuracy(scores: NDArray[np.float64], labels: NDArray[np.int64], groups: NDArray[np.int64]) -> Accuracy:
    """Return the share of the crops that fit their own class best.

    The interval is that of a bootstrap over photos, because the crops of one photo succeed or fail together.

    Args:
        scores: What ``held_out_scores`` returned.
        labels: Class of each crop (n,).
        groups: Photo of each crop (n,).
    """
    right = np.where(np.isfinite(scores), scores, -np.inf).argmax(axis=1) == labels
    hits, sizes = np.bincount(groups, weights=right), np.bincount(groups)
    generator = np.random.default_rng(0)
    draws = [generator.integers(len(sizes), size=len(sizes)) for _ in range(RESAMPLES)]
    shares = [hits[draw].sum() / sizes[draw].sum() for draw in draws]
    low, high = np.quantile(shares, [0.025, 0.975])
    return Accuracy(float(right.mean()), float(low), float(high))


def accuracy_of(samples: Samples) -> Accuracy:
    """Return the held-out accuracy of the features of a data set."""
    # On more threads sums come out in another order, and with them what is close to a threshold.
    with threadpool_limits(1, user_api="blas"):
        rows, groups = principal_components(samples.features), samples.groups()
        scores = held_out_scores(rows, samples.labels, groups, samples.contents)
    return held_out_accuracy(scores, samples.labels, groups)
