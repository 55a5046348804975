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
from analysis.review.answers import name_key
from analysis.review.odds import DEFAULT_ODDS, Odds

# A group gets the likeliest name if it is at least this likely.
LEAST_CONFIDENCE = 0.5
# More crops of a product than this are thinned out evenly.
MAX_CROPS = 50
# A product is withheld as a group of up to this many of its crops.
_WITHHELD_CROPS = 4


@dataclass(frozen=True)
class Naming:
    """Names of detections.

    Attributes:
        names: Name of each detection's product (n,), empty for an unknown one.
        confidence: How likely the likeliest product is (n,), 0..1; below one half the product is unknown.
    """

    names: tuple[str, ...]
    confidence: NDArray[np.float64]


@dataclass(frozen=True)
class NamedProducts:
    """Products with crops of each.

    Attributes:
        crops: Embeddings (m, d) of each product by its name.
        metric: "cosine", "euclidean" or "manhattan".
        threshold: Distance at which the checkpoint's groups end.
        odds: How likely one product is at a distance, from the crops themselves.

    Raises:
        ValueError: If there is no product, or the threshold is not positive.
    """

    crops: dict[str, NDArray[np.float64]]
    metric: str
    threshold: float
    odds: Odds = field(default=DEFAULT_ODDS)

    def __post_init__(self) -> None:
        check_metric(self.metric)
        if not self.crops:
            raise ValueError("naming needs crops of at least one product")
        if self.threshold <= 0:
            raise ValueError(f"naming needs a positive distance threshold, got {self.threshold}")

    @classmethod
    def learn(cls, embeddings: ArrayLike, names: Sequence[str], metric: str, threshold: float) -> Self:
        """Return the products of crops, with odds calibrated on products that are withheld in turn.

        Args:
            embeddings: Shape (n, d).
            names: Product of each crop; spellings that differ in case, white space or Unicode form alone are one.
            metric: How embeddings are compared.
            threshold: Distance at which the checkpoint's groups end.
        """
        rows = np.asarray(embeddings, dtype=np.float64)
        spelling: dict[str, str] = {}
        of_key: dict[str, list[int]] = {}
        for number, name in enumerate(names):
            key = name_key(unicodedata.normalize("NFC", name))
            spelling.setdefault(key, name)
            of_key.setdefault(key, []).append(number)
        crops = {spelling[key]: rows[np.asarray(own)[even_sample(len(own), MAX_CROPS)]] for key, own in of_key.items()}
        plain = cls(crops, metric, threshold)
        distance, same = plain._withheld()
        return cls(crops, metric, threshold, DEFAULT_ODDS.after(distance, same, threshold))

    def name(self, embeddings: ArrayLike, labels: NDArray[np.int64]) -> Naming:
        """Name groups; all detections of a group get one name.

        That a group shows a product competes with all other products, and with that it shows none of them, which is as
        likely as a product at the distance of even odds.

        Args:
            embeddings: Embeddings of detections (n, d).
            labels: Group of each (n,), -1 for a group of its own.
        """
        groups = np.where(labels < 0, -1 - np.arange(len(labels)), labels)
        _, group = np.unique(groups, return_inverse=True)
        names = list(self.crops)
        probability = self.odds.probability(self._distance(np.asarray(embeddings, np.float64), group), self.threshold)
        odds = probability / np.maximum(1 - probability, 1e-9)
        likely = odds / (1 + odds.sum(axis=1, keepdims=True))
        best, confidence = likely.argmax(axis=1), likely.max(axis=1)
        found = [
            names[number] if sure >= LEAST_CONFIDENCE else "" for number, sure in zip(best, confidence, strict=True)
        ]
        return Naming(tuple(found[number] for number in group), confidence[group])

    def _distance(self, rows: NDArray[np.float64], group: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the distance of each group from each product: the mean of those of its items to the nearest crop."""
        nearest = [cross_distance(rows, own, self.metric).min(axis=1) for own in self.crops.values()]
        sums = np.stack([np.bincount(group, column) for column in nearest], axis=1)
        return np.asarray(sums / np.bincount(group)[:, None])

    def _withheld(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return distances of withheld crops from the rest of their product, and from the nearest other product."""
        products = list(self.crops.values())
        distance, same = [], []
        for number, own in enumerate(products):
            if len(own) < 2:
                continue
            group, rest = np.split(own, [min(_WITHHELD_CROPS, len(own) // 2)])
            distance.append(cross_distance(group, rest, self.metric).min(axis=1).mean())
            same.append(True)
            others = [other for place, other in enumerate(products) if place != number]
            if others:
                distance.append(min(cross_distance(group, other, self.metric).min(axis=1).mean() for other in others))
                same.append(False)
        return np.array(distance), np.array(same, dtype=bool)
