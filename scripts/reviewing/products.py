"""Which product each detection of reviewed photos shows."""

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.labels import as_singletons
from analysis.review.answers import Answer
from analysis.review.settled import settle
from datamodules.box_files.detections import UNKNOWN_NAMES
from datamodules.box_files.names import product_name
from scripts.reviewing.grouping import ReviewedGroups

# Detections by what belongs together, and the name of each, empty where it has none or is unknown.
Together = tuple[NDArray[np.int64], Sequence[str]]


def products_of(reviewed: ReviewedGroups, titles: Sequence[str], confirmed_only: bool) -> list[list[str]]:
    """Return the name of each detection's product, a list per photo; empty for what is unknown.

    A product without a name is called after its first detection, "PHOTO product BOX", which stays the same when others
    are named, answered or added.

    Args:
        reviewed: The photos, grouped with all answers.
        titles: What each photo is called.
        confirmed_only: Name only what a person named or said to be one product with something else.
    """
    names: list[list[str]] = []
    shared: dict[int, str] = {}
    for place, (together, given) in enumerate(_by_photo(reviewed, confirmed_only)):
        known = shared if reviewed.review.across_photos else {}
        for row, (key, name) in enumerate(zip(together.tolist(), given, strict=True)):
            if key >= 0:
                known.setdefault(key, _writable(name) if name else f"{titles[place]} product {row}")
        names.append([known.get(key, "") for key in together.tolist()])
    return names


def _by_photo(reviewed: ReviewedGroups, confirmed_only: bool) -> list[Together]:
    """Return what belongs together in each photo, -1 for unknown; across photos under shared numbers."""
    if not confirmed_only:
        together = _in_units(reviewed, [groups.labels for groups in reviewed.groupings])
        return [
            (own, groups.names or [""] * len(groups)) for own, groups in zip(together, reviewed.groupings, strict=True)
        ]
    review, sizes = reviewed.review, [len(groups) for groups in reviewed.groupings]
    if review.across_photos:
        found, names = _confirmed(review.answers, sum(sizes))
        ends = np.cumsum(sizes)
        return [
            (part, names[end - len(part) : end]) for part, end in zip(np.split(found, ends[:-1]), ends, strict=True)
        ]
    return [_confirmed(review.of_photo(place), size) for place, size in enumerate(sizes)]


def _in_units(reviewed: ReviewedGroups, labels: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Return labels in which a detection alone has a number of its own."""
    if not reviewed.review.across_photos:
        return [as_singletons(own) for own in labels]
    return np.split(as_singletons(np.concatenate(labels)), np.cumsum([len(own) for own in labels])[:-1])


def _confirmed(answers: Sequence[Answer], num_items: int) -> Together:
    known = settle(answers, num_items)
    names = [known.names.get(part, "") for part in known.parts.tolist()]
    is_confirmed = (np.bincount(known.parts, minlength=num_items)[known.parts] > 1) | (np.array(names) != "")
    return np.where(is_confirmed, known.parts, -1), names


def _writable(name: str) -> str:
    """Return a name that box files keep: they take some for none, as nan and null, and 1.0 for 1."""
    plain = unicodedata.normalize("NFC", name)
    return plain if product_name(plain) == plain and plain not in UNKNOWN_NAMES else f"product {plain}"
