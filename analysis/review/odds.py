"""How likely two detections are one product: by how far apart their groups are, and by what was said already."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

# Results are rounded to this, so that another implementation of exp and log finds the same ones.
RESOLUTION = 2.0**-20
# Shifts of the log-odds that photos may have.
_SHIFTS = np.arange(-40, 41) / 10


@dataclass(frozen=True)
class Odds:
    """A logistic model of "these two show one product".

    Attributes:
        intercept: Log-odds at distance 0.
        slope: Change of the log-odds per threshold of distance, negative.
        spread: Standard deviation of the intercept over photos: some are easier than others, which their answers tell.
    """

    intercept: float
    slope: float
    spread: float

    def probability(self, distance: NDArray[np.float64], threshold: float) -> NDArray[np.float64]:
        """Return the probability of one product at distances of any shape; grouping ends at the threshold."""
        return rounded_chance(_logistic(self._exponent(distance, threshold)))

    def after(self, distance: NDArray[np.float64], same: NDArray[np.bool_], threshold: float) -> Odds:
        """Return the model for photos of which some answers are known: the expected intercept, given the answers.

        Args:
            distance: Shape (k,), distance of the two detections of each answer.
            same: Shape (k,), whether they are one product.
            threshold: Distance at which grouping ends.
        """
        exponent = self._exponent(distance, threshold)[:, None] + _SHIFTS
        likelihood = np.log(_logistic(np.where(same[:, None], exponent, -exponent))).sum(axis=0)
        weight = np.exp(likelihood - likelihood.max() - (_SHIFTS / self.spread) ** 2 / 2)
        return replace(self, intercept=self.intercept + float(rounded_chance((weight * _SHIFTS).sum() / weight.sum())))

    def _exponent(self, distance: NDArray[np.float64], threshold: float) -> NDArray[np.float64]:
        # At a threshold of 0 only equal detections are grouped.
        relative = distance / threshold if threshold > 0 else np.where(distance > 0, np.inf, 0.0)
        return np.clip(self.intercept + self.slope * relative, -40, 40)


# Between what fits detergents (6.7, -7.3) and what fits rendered shelves (1.5, -2.6), see docs/review.md.
DEFAULT_ODDS = Odds(intercept=3.9, slope=-4.7, spread=0.8)


def _logistic(exponent: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-exponent)))


def rounded_chance(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities or log-odds as every implementation finds them."""
    return np.asarray(np.rint(values / RESOLUTION) * RESOLUTION)
