"""By how much one side of a comparison is above the other, and how far that may be off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, t

NUM_SAMPLES = 2000
CONFIDENCE = 0.95
# Chance to find a difference that is there, for the number of photos that would be needed.
POWER = 0.8


@dataclass(frozen=True)
class Difference:
    """A mean difference over photos.

    Attributes:
        mean: Mean over photos, each the mean over its seeds.
        error: Standard error of the mean; None for a single photo, which does not show how much photos differ.
        photos: Photos that both sides were measured on.
        seeds: Seeds that both sides were measured with.
    """

    mean: float
    error: float | None
    photos: int
    seeds: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the mean by Student's t; None for a single photo."""
        if self.error is None:
            return None
        half = float(t.ppf((1 + CONFIDENCE) / 2, self.photos - 1)) * self.error
        return self.mean - half, self.mean + half

    def chance_above(self, bound: float) -> float:
        """Return the two-sided p-value of "the true mean is at most ``bound``"; small where it is above."""
        if self.error is None:
            return 1.0
        if self.error == 0:
            return 0.0 if self.mean > bound else 1.0
        return min(1.0, 2 * float(t.sf((self.mean - bound) / self.error, self.photos - 1)))

    def chance_below(self, bound: float) -> float:
        """Return the two-sided p-value of "the true mean is at least ``bound``"; small where it is below."""
        return Difference(-self.mean, self.error, self.photos, self.seeds).chance_above(-bound)

    def photos_needed(self, smallest: float) -> int | None:
        """Return how many photos like these show the difference that was seen in 4 of 5 studies.

        Args:
            smallest: The smallest difference that matters, above 0; taken where less was seen.

        Returns:
            The number, 2 at least; None for a single photo.
        """
        if self.error is None:
            return None
        ratio = (norm.ppf((1 + CONFIDENCE) / 2) + norm.ppf(POWER)) * self.error / max(abs(self.mean), smallest)
        return max(2, int(np.ceil(self.photos * ratio**2)))


def mean_difference(differences: ArrayLike, seed: int = 0) -> Difference:
    """Return the mean of paired differences, its error by a bootstrap that draws photos and seeds anew.

    Drawing both overstates the error a little (Owen, 2007); the intervals are rather too wide than too narrow. With one
    seed nothing is drawn: this is the paired t-test, and how much another seed would change is unknown.

    Args:
        differences: Shape (photos, seeds), NaN where a photo was not measured with a seed.
        seed: Of the draws.

    Raises:
        ValueError: If there is no photo, or one has no value at all.

    References:
        Owen, The pigeonhole bootstrap, 2007.
    """
    values = np.asarray(differences, dtype=np.float64)
    if values.ndim != 2 or not values.size or np.isnan(values).all(axis=1).any():
        raise ValueError(f"differences must be (photos, seeds) with a value for every photo, got shape {values.shape}")
    photos, seeds = values.shape
    mean = float(np.nanmean(values, axis=1).mean())
    if photos == 1:
        return Difference(mean, None, photos, seeds)
    if seeds == 1:
        return Difference(mean, float(values.std(ddof=1) / np.sqrt(photos)), photos, seeds)
    means = _drawn_means(values, np.random.default_rng(seed))
    # The draws of n photos vary by (n - 1) / n of what photos do.
    return Difference(mean, float(means.std() * np.sqrt(photos / (photos - 1))), photos, seeds)


def _drawn_means(values: NDArray[np.float64], draws: np.random.Generator) -> NDArray[np.float64]:
    photos, seeds = values.shape
    times_photo = draws.multinomial(photos, np.full(photos, 1 / photos), NUM_SAMPLES)
    times_seed = draws.multinomial(seeds, np.full(seeds, 1 / seeds), NUM_SAMPLES)
    sums, counts = (times_seed @ item.T for item in (np.nan_to_num(values), (~np.isnan(values)).astype(float)))
    # A photo that none of the drawn seeds measured is not in the draw.
    weights = times_photo * (counts > 0)
    of_photo = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
    means: NDArray[np.float64] = (weights * of_photo).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
    return means
