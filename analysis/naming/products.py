"""Which known product a group shows, or that it shows none of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.clustering.distance import check_metric, cross_distance
from analysis.even_sample import even_sample
from analysis.naming.matches import Unknown, group_distance, misfit, withhold
from analysis.review.answers import name_key

# Of so many unknown products one may get a name.
UNKNOWN_NAMED = 0.05
# More crops of a product than this are thinned out evenly.
MAX_CROPS = 50
# Where nothing is known of a crop's photo, so many in a row are taken to be of one.
_CROPS_OF_A_PHOTO = 4


@dataclass(frozen=True)
class Naming:
    """Names of detections.

    Attributes:
        names: Name of each detection's product (n,), empty for an unknown one.
        confidence: Share of unknown products that would fit their nearest product worse (n,), 0..1.
    """

    names: tuple[str, ...]
    confidence: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NamedProducts:
    """Products with crops of each.

    Attributes:
        crops: Embeddings (m, d) of each product by its name.
        metric: "cosine", "euclidean" or "manhattan".
        threshold: Distance at which the checkpoint's groups end.
        spread: Logarithm of how far a product's crops are from its others, in thresholds (p,).
        unknown: How groups of unknown products fit.

    Raises:
        ValueError: If there is no product, or the threshold is not positive.
    """

    crops: dict[str, NDArray[np.float64]]
    metric: str
    threshold: float
    spread: NDArray[np.float64]
    unknown: Unknown = field(default_factory=Unknown)

    def __post_init__(self) -> None:
        _check(self.crops, self.metric, self.threshold)

    @classmethod
    def learn(
        cls,
        embeddings: ArrayLike,
        names: Sequence[str],
        metric: str,
        threshold: float,
        photos: Sequence[int] | None = None,
    ) -> Self:
        """Return the products of crops; what unknown ones look like is learned by withholding each product in turn.

        Args:
            embeddings: Shape (n, d).
            names: Product of each crop; spellings that differ in case, white space or Unicode form alone are one.
            metric: How embeddings are compared.
            threshold: Distance at which the checkpoint's groups end.
            photos: Number of the photo that each crop is from, None where it is not known.
        """
        rows = np.asarray(embeddings, dtype=np.float64)
        spelling: dict[str, str] = {}
        of_key: dict[str, list[int]] = {}
        for number, name in enumerate(names):
            key = name_key(unicodedata.normalize("NFC", name))
            spelling.setdefault(key, name)
            of_key.setdefault(key, []).append(number)
        chosen = {spelling[key]: np.asarray(own)[even_sample(len(own), MAX_CROPS)] for key, own in of_key.items()}
        crops = {name: rows[own] for name, own in chosen.items()}
        _check(crops, metric, threshold)
        origins = (
            _in_rows(list(crops.values())) if photos is None else [np.asarray(photos)[own] for own in chosen.values()]
        )
        return cls(crops, metric, threshold, *withhold(list(crops.values()), origins, metric, threshold))

    def name(self, embeddings: ArrayLike, labels: NDArray[np.int64], unknown_named: float = UNKNOWN_NAMED) -> Naming:
        """Name groups; all detections of a group get one name, that of the nearest product, or none.

        Args:
            embeddings: Embeddings of detections (n, d).
            labels: Group of each (n,), -1 for a group of its own.
            unknown_named: Share of unknown products that may get a name, 0..1.

        Raises:
            ValueError: If the share is not within 0..1.
        """
        check_unknown_named(unknown_named)
        groups = np.where(labels < 0, -1 - np.arange(len(labels)), labels)
        _, group = np.unique(groups, return_inverse=True)
        if not len(group):
            return Naming((), np.zeros(0))
        rows, names = np.asarray(embeddings, np.float64), list(self.crops)
        nearest = np.stack([cross_distance(rows, own, self.metric).min(axis=1) for own in self.crops.values()], axis=1)
        distances = np.stack([group_distance(nearest[group == number]) for number in range(group.max() + 1)])
        best, bad = misfit(distances / self.threshold, self.spread)
        confidence = self.unknown.share_beyond(bad)
        found = [
            names[product] if sure >= 1 - unknown_named else "" for product, sure in zip(best, confidence, strict=True)
        ]
        return Naming(tuple(found[number] for number in group), confidence[group])


def check_unknown_named(share: float) -> None:
    """Refuse what is no share of unknown products that may get a name.

    Raises:
        ValueError: If it is not within 0..1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"unknown_named must be a share of 0 to 1, got {share}: type unknown_named={UNKNOWN_NAMED}")


def _check(crops: dict[str, NDArray[np.float64]], metric: str, threshold: float) -> None:
    check_metric(metric)
    if not crops:
        raise ValueError("naming needs crops of at least one product")
    if threshold <= 0:
        raise ValueError(f"naming needs a positive distance threshold, got {threshold}")


def _in_rows(crops: Sequence[NDArray[np.float64]]) -> list[NDArray[np.int64]]:
    """Return numbers of photos for crops of unknown ones: a few in a row, at most half of a product, are of one."""
    numbers: list[NDArray[np.int64]] = []
    start = 0
    for own in crops:
        numbers.append(start + np.arange(len(own)) // max(1, min(_CROPS_OF_A_PHOTO, len(own) // 2)))
        start = int(numbers[-1][-1]) + 1
    return numbers
