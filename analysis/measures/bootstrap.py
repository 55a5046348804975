"""How far a mean over few items may be off."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

NUM_SAMPLES = 10_000


def bootstrap_interval(values: ArrayLike, confidence: float = 0.95, seed: int = 0) -> tuple[float, float]:
    """Percentile interval of the mean, over samples drawn with replacement.

    Args:
        values: shape (n,), one value per independent item, for instance per photo.
        confidence: share of the samples whose mean lies inside, in (0, 1).
        seed: seed of the samples.

    Raises:
        ValueError: if there is no value, one is no number, or the confidence is out of its range.

    References:
        Efron, Bootstrap methods: another look at the jackknife, 1979.
    """
    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != 1 or not len(numbers) or not np.isfinite(numbers).all():
        raise ValueError(f"values must be finite numbers of shape (n,), n at least 1, got {numbers}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    generator = np.random.default_rng(seed)
    means = numbers[generator.integers(0, len(numbers), (NUM_SAMPLES, len(numbers)))].mean(axis=1)
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
