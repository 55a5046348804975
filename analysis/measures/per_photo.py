"""The measures of photos, for all of their items and apart for products known from training and for others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.measures.grouping import grouping_measures

PARTS = ("all", "seen", "unseen")


@dataclass(frozen=True)
class PhotoMeasures:
    """How well one photo was grouped.

    Attributes:
        source: Name of the data source the photo is from; empty where there is only one.
        parts: Measures by part: ``all`` always, ``seen`` and ``unseen`` where the photo has such items.
    """

    source: str
    parts: dict[str, dict[str, float]]


def measure_photo(
    truth: ArrayLike, predicted: ArrayLike, seen: NDArray[np.bool_] | None = None, source: str = ""
) -> PhotoMeasures:
    """Measure a photo's grouping in parts; the photo is grouped as a whole.

    Args:
        truth: Shape (n,), product of each item.
        predicted: Shape (n,), cluster of each item.
        seen: Shape (n,), whether the item's product was trained on; None where this is not known.
        source: Name of the data source.
    """
    masks = {"all": np.ones(len(np.asarray(truth)), dtype=bool)}
    if seen is not None:
        masks |= {"seen": seen, "unseen": ~seen}
    parts: dict[str, dict[str, float]] = {}
    for part, mask in masks.items():
        if mask.any():
            # Most photos hold products of one kind only, which are all of it.
            parts[part] = dict(parts["all"]) if parts and mask.all() else grouping_measures(truth, predicted, mask)
    return PhotoMeasures(source, parts)


def by_part(photos: Sequence[PhotoMeasures]) -> dict[str, list[dict[str, float]]]:
    """Collect the measures of many photos.

    Returns:
        One dictionary per photo under ``all``, ``seen`` and ``unseen``, and under ``SOURCE_all`` and so on for each
        source that has a name; a part that no photo has is left out.
    """
    sources = dict.fromkeys(photo.source for photo in photos if photo.source)
    collected = {part: [photo.parts[part] for photo in photos if part in photo.parts] for part in PARTS} | {
        f"{source}_{part}": [photo.parts[part] for photo in photos if photo.source == source and part in photo.parts]
        for source in sources
        for part in PARTS
    }
    return {name: measures for name, measures in collected.items() if measures}
