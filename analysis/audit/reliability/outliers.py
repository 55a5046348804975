"""Which findings stand out from what the data set shows everywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Expected share of wrong ones among the findings that stand out.
FALSE_DISCOVERY_RATE = 0.05
# The tail is measured on so many of the next highest scores; the most pessimistic measurement counts.
CONTROLS = (10, 20, 40)
# An exponential distribution that is cut off after so many times its scale, and its mean in units of the cut, rising.
STEPS = np.geomspace(700, 1e-4, 2000)
MEANS = 1 / STEPS - 1 / np.expm1(STEPS)


def outstanding(scores: NDArray[np.float64], most: int, least_scale: float = 0.0) -> NDArray[np.bool_]:
    """Return which scores are too high to belong to the others (n,).

    Nobody knows which of a data set's classes look alike for a good reason. How closely the next scores come tells how
    many such classes to expect still higher, for the tails of most distributions fall exponentially (Pickands 1975),
    by a factor e for each step of the mean excess (Hill 1975). The findings are the largest set of highest scores of
    which at most a twentieth is expected by chance. Where scores go over from ordinary to extreme without a gap,
    nothing stands out.

    Args:
        scores: One for each thing that is judged, higher is more suspicious; -inf where nothing is known.
        most: More than so many cannot stand out from the rest.
        least_scale: The scale of the tail is taken to be at least this.
    """
    ordered = np.sort(scores[np.isfinite(scores)])[::-1]
    found = 0
    for count in range(1, min(most, len(ordered)) + 1):
        is_last_of_equals = count < len(ordered) and ordered[count] < ordered[count - 1]
        if is_last_of_equals and _expected(ordered[count - 1], ordered[count:], least_scale) <= (
            FALSE_DISCOVERY_RATE * count
        ):
            found = count
    return np.asarray(scores >= ordered[found - 1]) if found else np.zeros(len(scores), dtype=bool)


def _expected(score: float, others: NDArray[np.float64], least_scale: float) -> float:
    """Return how many ordinary scores are expected above one, given the ordinary ones below it, highest first."""
    if len(others) <= CONTROLS[0]:
        return float("inf")
    expected = 0.0
    for controls in (number for number in CONTROLS if number < len(others)):
        width = max(float(score - others[controls]), 1e-9)
        # One deviation above the estimate, for it comes from a few values.
        mean = float((others[:controls] - others[controls]).mean()) * (1 + controls**-0.5)
        # Only what lies below the score was seen: the mean excess in units of that width gives the scale.
        steps = float(np.interp(mean / width, MEANS, STEPS))
        steps = min(steps, width / least_scale) if least_scale else steps
        expected = max(expected, controls / float(np.expm1(steps)))
    return expected
