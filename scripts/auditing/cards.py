"""The findings of each kind as cards: a title, numbers, and contact sheets."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.audit.copies import Copies
from analysis.audit.duplicates import Duplicate
from analysis.audit.mislabels import Mislabel
from analysis.audit.mixtures import Mixture
from datamodules.crop_cache.crop_store import CropStore
from scripts.auditing.record import Subject
from scripts.auditing.sheets import Sheet, sheet, spread

CROPS_OF_A_CLASS = 13
# Beside a mislabelled crop.
FEW_CROPS_OF_A_CLASS = 4
MOST_NEAR_COPIES = 24


@dataclass(frozen=True)
class Card:
    """One finding.

    Attributes:
        title: What it is about.
        is_confident: Whether the evidence is enough to act on.
        facts: Its numbers by name.
        sheets: The crops to judge it by.
    """

    title: str
    is_confident: bool
    facts: dict[str, str]
    sheets: list[Sheet]


@dataclass(frozen=True)
class CopyCount:
    """How many copies there are within a class, or across some.

    Attributes:
        classes: The class, or all of them.
        sets: How many sets of identical crops.
        crops: How many crops in these sets.
        near: How many pairs of near-copies.
    """

    classes: str
    sets: int
    crops: int
    near: int


def duplicate_card(pair: Duplicate, subject: Subject, store: CropStore) -> Card:
    """Return the card of two classes that seem to be one product."""
    facts = {
        "score": f"{pair.score:.2f}",
        "separability": "unknown" if np.isnan(pair.separability) else f"{pair.separability:.2f}",
        "images in both": f"{pair.shared:.0%}",
        "photos of each": f"{pair.photos[0]} and {pair.photos[1]}",
        "photos with both": str(pair.together),
    }
    sheets = [_class_sheet(label, subject, store, CROPS_OF_A_CLASS) for label in (pair.first, pair.second)]
    return Card(f"{subject.classes[pair.first]} = {subject.classes[pair.second]}", pair.confident, facts, sheets)


def mixture_card(found: Mixture, subject: Subject, store: CropStore) -> Card:
    """Return the card of a class that seems to hold several products."""
    facts = {
        "score": f"{found.score:.2f}",
        "separation": f"{found.separation:.2f}",
        "gap": f"{found.gap:.2f}",
        "photos with both parts": str(found.together),
    }
    facts |= {f"copied from {subject.classes[other]}": f"{share:.0%}" for other, share in found.sources}
    sheets = []
    for number, (part, other) in enumerate(zip(found.parts, found.looks_like, strict=True), start=1):
        looks = f", looks like {subject.classes[other]}" if other >= 0 else ""
        chosen = spread(part, subject.samples.photos, CROPS_OF_A_CLASS)
        sheets.append(sheet(store, chosen, f"part {number}: {len(part)} distinct crops{looks}"))
    return Card(subject.classes[found.label], found.confident, facts, sheets)


def mislabel_card(crop: Mislabel, subject: Subject, store: CropStore) -> Card:
    """Return the card of a crop that seems to belong to another class."""
    facts = {
        "score": f"{crop.score:.2f}",
        "classifier": f"{crop.probability:.2f}",
        "neighbours": f"{crop.neighbours:.0%}",
    }
    sheets = [
        sheet(store, np.array([crop.row]), "the crop"),
        _class_sheet(crop.given, subject, store, FEW_CROPS_OF_A_CLASS, "named "),
        _class_sheet(crop.proposed, subject, store, FEW_CROPS_OF_A_CLASS, "proposed "),
    ]
    return Card(subject.crops[crop.row], crop.confident, facts, sheets)


def copy_counts(found: Copies, subject: Subject) -> list[CopyCount]:
    """Return where copies lie: those across classes first, then the classes with the most."""
    counts: dict[tuple[str, ...], Counter[str]] = {}
    for rows in found.identical:
        counts.setdefault(_class_names(rows, subject), Counter()).update({"sets": 1, "crops": len(rows)})
    for pair in found.near:
        counts.setdefault(_class_names(pair, subject), Counter()).update({"near": 1})
    order = sorted(counts.items(), key=lambda item: (-len(item[0]), -item[1]["crops"]))
    return [CopyCount(" + ".join(names), count["sets"], count["crops"], count["near"]) for names, count in order]


def near_copy_sheets(found: Copies, store: CropStore) -> list[Sheet]:
    """Return the near-copies that are least alike, of which some may be no copies."""
    least = np.argsort(found.similarity, kind="stable")[:MOST_NEAR_COPIES]
    return [sheet(store, found.near[place], f"{found.similarity[place]:.3f}") for place in least]


def _class_names(rows: Sequence[int] | np.ndarray, subject: Subject) -> tuple[str, ...]:
    return tuple(subject.classes[label] for label in np.unique(subject.samples.labels[rows]))


def _class_sheet(label: int, subject: Subject, store: CropStore, count: int, prefix: str = "") -> Sheet:
    rows = np.flatnonzero(subject.samples.labels == label)
    caption = f"{prefix}{subject.classes[label]} ({len(rows)} crops)"
    return sheet(store, spread(rows, subject.samples.photos, count), caption)
