"""How well groups match known products, and how well a product that is not among them would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from analysis.clustering.distance import cross_distance
from analysis.even_sample import even_sample

Rows = NDArray[np.float64]

# Distances, in units of the threshold, count from here: nearer than this is as near.
_LEAST = 0.05
# What is expected before any crop was seen counts like so many groups of a product, and like so many products.
_PRIOR_GROUPS, _PRIOR_PRODUCTS = 2, 3
# Expected: a product's crops lie half a threshold apart, and an unknown product a threshold from the two nearest.
_PRIOR_SPREAD = float(np.log(0.5))
_PRIOR_MISFIT, _PRIOR_DEVIATION = -_PRIOR_SPREAD, 0.6
# So many groups of a product are withheld.
_MAX_GROUPS = 4


@dataclass(frozen=True)
class Unknown:
    """The misfit that groups of unknown products have, as far as products that were withheld tell.

    Attributes:
        mean: Mean misfit.
        deviation: Standard deviation of the next product's misfit.
        freedom: Degrees of freedom of its t distribution.
    """

    mean: float = _PRIOR_MISFIT
    deviation: float = _PRIOR_DEVIATION * (1 + 1 / _PRIOR_PRODUCTS) ** 0.5
    freedom: int = _PRIOR_PRODUCTS - 1

    @classmethod
    def of_products(cls, misfits: Sequence[Rows]) -> Unknown:
        """Return what the misfits of each withheld product's groups tell; a product counts once."""
        count = len(misfits) + _PRIOR_PRODUCTS
        mean = (sum(own.mean() for own in misfits) + _PRIOR_PRODUCTS * _PRIOR_MISFIT) / count
        squares = sum(((own - mean) ** 2).mean() for own in misfits)
        variance = (squares + _PRIOR_PRODUCTS * _PRIOR_DEVIATION**2) / (count - 1)
        return cls(float(mean), float((variance * (1 + 1 / count)) ** 0.5), count - 1)

    def share_beyond(self, misfit: Rows) -> Rows:
        """Return the share of unknown products that fit worse than misfits of any shape."""
        return np.asarray(stdtr(self.freedom, (self.mean - misfit) / self.deviation))


def group_distance(nearest: Rows) -> Rows:
    """Return the distance of a group from each product (p,): the mean over the nearer half of its items.

    Args:
        nearest: Distance of each item from the product's nearest crop (n, p).
    """
    return np.asarray(np.sort(nearest, axis=0)[: (len(nearest) + 1) // 2].mean(axis=0))


def misfit(distances: Rows, spread: Rows) -> tuple[NDArray[np.intp], Rows]:
    """Return each group's nearest product (g,), and how badly it fits (g,).

    It is the logarithm of a product of two ratios: the distance to the product's spread, and to the next product's
    distance.

    Args:
        distances: Of groups from products (g, p), in units of the threshold; infinite where a product is not to be had.
        spread: Logarithm of how far the crops of each product are from others of it (p,).
    """
    padded = np.log(np.concatenate([distances, np.ones((len(distances), 1))], axis=1) + _LEAST)
    best = distances.argmin(axis=1)
    # With one product, the next one is taken to lie at the threshold.
    columns = padded[:, :-1] if distances.shape[1] > 1 else padded
    first, second = np.partition(columns, 1, axis=1)[:, :2].T
    second = np.where(np.isfinite(second), second, np.log(1 + _LEAST))
    return best, 2 * first - second - spread[best]


def withhold(
    crops: Sequence[Rows], photos: Sequence[NDArray[np.int64]], metric: str, unit: float
) -> tuple[Rows, Unknown]:
    """Return each product's spread (p,) as :func:`misfit` takes it, and the misfits of products that are withheld.

    A product's crops of one photo are a group. Each is matched with the crops of other photos, of its own product and,
    as if that were unknown, of the others.

    Args:
        crops: Embeddings (m, d) of each product.
        photos: The photo of each product's crops (m,).
        metric: How embeddings are compared.
        unit: The threshold.
    """
    every, origin = np.concatenate(crops), np.concatenate(photos)
    starts = np.cumsum([0, *(len(own) for own in crops[:-1])])
    own_distance, distances = [], []
    for product, (rows, places) in enumerate(zip(crops, photos, strict=True)):
        found = cross_distance(rows, every, metric) / unit
        names = np.unique(places)
        groups = [places == photo for photo in names[even_sample(len(names), _MAX_GROUPS)]]
        others = np.stack(
            [
                group_distance(
                    np.minimum.reduceat(np.where(origin == places[group][0], np.inf, found[group]), starts, axis=1)
                )
                for group in groups
            ]
        )
        own = others[:, product].copy()
        own_distance.append(np.log(own[np.isfinite(own)] + _LEAST))
        others[:, product] = np.inf
        distances.append(others[np.isfinite(others).any(axis=1)])
    spread = _spread(own_distance)
    return spread, Unknown.of_products([misfit(own, spread)[1] for own in distances if len(own)])


def _spread(own: Sequence[Rows]) -> Rows:
    """Return the logarithm of each product's spread, held near that of all products."""
    every = np.concatenate(own)
    common = (every.sum() + _PRIOR_GROUPS * _PRIOR_SPREAD) / (len(every) + _PRIOR_GROUPS)
    return np.array([(rows.sum() + _PRIOR_GROUPS * common) / (len(rows) + _PRIOR_GROUPS) for rows in own])
