"""How far a mean over few items may be off."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import bootstrap

NUM_SAMPLES = 10_000


def bootstrap_interval(values: ArrayLike, confidence: float = 0.95, seed: int = 0) -> tuple[float, float]:
    """Return the percentile interval of the mean, over samples drawn with replacement.

    Args:
        values: Shape (n,), one value per independent item, for instance per photo.
        confidence: Share of the samples whose mean lies inside, in (0, 1).
        seed: Seed of the samples.

    Raises:
        ValueError: If there is no value, one is not finite, or the confidence is out of its range.

    References:
        Efron, Bootstrap methods: another look at the jackknife, 1979.
    """
    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != 1 or not len(numbers) or not np.isfinite(numbers).all():
        raise ValueError(f"values must be finite numbers of shape (n,), n at least 1, got {numbers}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    if len(numbers) == 1:
        # SciPy refuses a single value, whose mean is the same in every sample.
        return float(numbers[0]), float(numbers[0])
    found = bootstrap(
        (numbers,), np.mean, n_resamples=NUM_SAMPLES, confidence_level=confidence, method="percentile", rng=seed
    ).confidence_interval
    return float(found.low), float(found.high)
