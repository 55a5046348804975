"""An audit's findings by name, as plain values; and how well they agree with injected label noise."""

from collections.abc import Hashable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.audit.audit import Audit
from analysis.audit.duplicates import Duplicate
from analysis.audit.mislabels import Mislabel
from analysis.audit.mixtures import Mixture
from analysis.audit.reliability.calibration import Tally
from analysis.audit.reliability.resolution import Accuracy
from analysis.audit.samples import Samples
from analysis.audit.truth import Agreement, agreement
from datamodules.sources.label_map import crop_names
from datamodules.sources.source_data import SourceData
from scripts.auditing.features import Description

KINDS = ("duplicated_classes", "mixed_classes", "mislabelled_crops")


@dataclass(frozen=True)
class Subject:
    """What was audited, by name.

    Attributes:
        classes: Name of each class.
        crops: Name of each crop.
        samples: The crops.
        description: Where the features come from.
    """

    classes: list[str]
    crops: list[str]
    samples: Samples
    description: Description

    @classmethod
    def of(cls, collection: SourceData, samples: Samples, root: Path, description: Description) -> "Subject":
        """Return the names of a collection's training classes and crops."""
        table = collection.training
        classes = [collection.products[product] for product in np.unique(table.labels)]
        return cls(classes, crop_names(table, root), samples, description)


def as_record(findings: Audit, subject: Subject) -> dict[str, Any]:
    """Return the content of audit.json."""
    samples, copies = subject.samples, findings.copies
    known = samples.photos[samples.photos != ""]
    return {
        "crops": len(samples),
        "classes": {name: int(count) for name, count in zip(subject.classes, np.bincount(samples.labels), strict=True)},
        "photos": len(np.unique(known)),
        "distinct_images": len(np.unique(samples.contents)),
        "described_by": subject.description.name,
        "held_out_accuracy": _rounded(findings.accuracy),
        "features_tried": {name: _rounded(accuracy) for name, accuracy in subject.description.tried.items()},
        "injected_errors": {kind: _tally(tally) for kind, tally in zip(KINDS, findings.tallies, strict=True)},
        "acts_on": [kind for kind, tally in zip(KINDS, findings.tallies, strict=True) if tally.holds],
        "random_split_leakage": {name: round(share, 4) for name, share in asdict(findings.leakage).items()},
        "duplicated_classes": [_duplicate(pair, subject.classes) for pair in findings.duplicates],
        "mixed_classes": [_mixture(mixture, subject) for mixture in findings.mixtures],
        "mislabelled_crops": [_mislabel(crop, subject) for crop in findings.mislabels],
        "copies": [[subject.crops[row] for row in rows] for rows in copies.identical],
        "copies_across_classes": _contradictions(copies.identical, subject),
        "near_copies": [
            {"crops": [subject.crops[row] for row in pair], "similarity": round(float(similarity), 4)}
            for pair, similarity in zip(copies.near, copies.similarity, strict=True)
        ],
    }


def summary(record: dict[str, Any]) -> list[str]:
    """Return a few lines that say what was found."""
    counts = [_count(record[kind], kind.replace("_", " ")) for kind in KINDS]
    leak = record["random_split_leakage"]
    return [
        f"{record['crops']} crops ({record['distinct_images']} distinct) of {len(record['classes'])} classes on "
        f"{record['photos']} photos, described by {record['described_by']}",
        _features(record),
        verdict(record),
        "; ".join(counts),
        f"a random 20 % split leaks {leak['any']:.1%}: {leak['copy']:.1%} by a copy, {leak['near_copy']:.1%} by a "
        f"near-copy, {leak['photo']:.1%} by the photo",
    ]


def verdict(record: dict[str, Any]) -> str:
    """Return one sentence on what the features can judge, by the errors that were injected into this data set."""
    counts = record["injected_errors"]
    told = [f"{counts[kind]['right']} of {counts[kind]['injected']} {kind.replace('_', ' ')}" for kind in KINDS]
    wrong = sum(tally["wrong"] for tally in counts.values())
    tested = (
        f"As a test, errors were put into copies of the data: {told[0]}, {told[1]} and {told[2]} were found with "
        f"confidence, and {wrong} confident findings were wrong"
    )
    acts = " and ".join(kind.replace("_", " ") for kind in record["acts_on"])
    if acts:
        judged = f"these features are good enough to act on {acts} of this data; all else they show is only listed"
    else:
        judged = "these features cannot judge this data: what they show is only listed"
    return f"{judged}, for you to look at. {tested}"


def _features(record: dict[str, Any]) -> str:
    tried = ", ".join(f"{name} {found['share']:.1%}" for name, found in record["features_tried"].items())
    found = record["held_out_accuracy"]
    return (
        f"a linear classifier names {found['share']:.1%} of the crops right when it has not seen their photo (95 % "
        f"interval {found['low']:.1%} to {found['high']:.1%}); tried: {tried}"
    )


def _rounded(accuracy: Accuracy) -> dict[str, float]:
    return {name: round(value, 3) for name, value in accuracy._asdict().items()}


def _tally(tally: Tally) -> dict[str, float | None]:
    return asdict(tally) | {
        "least_evidence": round(tally.least_evidence, 3) if np.isfinite(tally.least_evidence) else None
    }


def _count(findings: list[dict[str, Any]], what: str) -> str:
    confident = sum(item["confident"] for item in findings)
    return f"{confident} confident + {len(findings) - confident} possible {what}"


def agreements(record: dict[str, Any], truth: dict[str, Any]) -> list[Agreement]:
    """Return precision and recall of each kind of finding against a corruption.json."""
    pairs, mixed, crops = (record[kind] for kind in KINDS)
    found: dict[str, list[Hashable]] = {
        "duplicate": [frozenset(item["classes"]) for item in pairs],
        "mix": [item["class"] for item in mixed],
        "mislabel": [item["crop"] for item in crops],
    }
    injected: dict[str, set[Hashable]] = {
        "duplicate": {frozenset(item["names"]) for item in truth["duplicate"]},
        "mix": {item["name"] for item in truth["mix"]},
        "mislabel": {item["crop"] for item in truth["mislabel"]},
    }
    return [
        agreement(kind, found[kind], [item["confident"] for item in items], injected[kind])
        for kind, items in zip(found, (pairs, mixed, crops), strict=True)
    ]


def _duplicate(pair: Duplicate, classes: list[str]) -> dict[str, Any]:
    return {
        "classes": [classes[pair.first], classes[pair.second]],
        "score": round(pair.score, 4),
        "confident": pair.confident,
        "by_copies": pair.by_copies,
        "separability": None if np.isnan(pair.separability) else round(pair.separability, 4),
        "shared_images": round(pair.shared, 4),
        "photos": list(pair.photos),
        "photos_with_both": pair.together,
    }


def _mixture(mixture: Mixture, subject: Subject) -> dict[str, Any]:
    return {
        "class": subject.classes[mixture.label],
        "score": round(mixture.score, 4),
        "confident": mixture.confident,
        "by_copies": mixture.by_copies,
        "separation": round(mixture.separation, 4),
        "gap": round(mixture.gap, 4),
        "parts": [[subject.crops[row] for row in part] for part in mixture.parts],
        "parts_look_like": [subject.classes[other] if other >= 0 else None for other in mixture.looks_like],
        "photos_with_both": mixture.together,
        "copied_from": {subject.classes[other]: round(share, 4) for other, share in mixture.sources},
    }


def _mislabel(crop: Mislabel, subject: Subject) -> dict[str, Any]:
    return {
        "crop": subject.crops[crop.row],
        "class": subject.classes[crop.given],
        "proposed": subject.classes[crop.proposed],
        "score": round(crop.score, 4),
        "confident": crop.confident,
        "evidence": round(crop.evidence, 3),
        "probability": round(crop.probability, 4),
        "neighbours": round(crop.neighbours, 4),
    }


def _contradictions(identical: list[np.ndarray], subject: Subject) -> list[list[str]]:
    """Return the identical crops with different labels."""
    labels = subject.samples.labels
    return [[subject.crops[row] for row in rows] for rows in identical if len(np.unique(labels[rows])) > 1]
