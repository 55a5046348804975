"""The findings of each kind as cards with numbers and contact sheets."""

import html
from collections import Counter

import numpy as np

from analysis.audit.copies import Copies
from analysis.audit.duplicates import Duplicate
from analysis.audit.mislabels import Mislabel
from analysis.audit.mixtures import Mixture
from datamodules.crop_cache.crop_store import CropStore
from scripts.auditing.record import Subject
from scripts.auditing.sheets import sheet, spread

SHOWN = 13
SHOWN_BESIDE = 4
MOST_MISLABELS = 60
MOST_PAIRS = 24


def duplicate(pair: Duplicate, subject: Subject, store: CropStore) -> str:
    """Returns the card of two classes that seem to be one product."""
    first, second = subject.classes[pair.first], subject.classes[pair.second]
    facts = {
        "score": f"{pair.score:.2f}",
        "separability": "unknown" if np.isnan(pair.separability) else f"{pair.separability:.2f}",
        "images in both": f"{pair.shared:.0%}",
        "photos of each": f"{pair.photos[0]} and {pair.photos[1]}",
        "photos with both": str(pair.together),
    }
    rows = [_class_sheet(label, subject, store, SHOWN) for label in (pair.first, pair.second)]
    return _card(f"{first} = {second}", pair.sure, facts, rows)


def mixture(found: Mixture, subject: Subject, store: CropStore) -> str:
    """Returns the card of a class that seems to hold several products."""
    facts = {
        "score": f"{found.score:.2f}",
        "separation": f"{found.separation:.2f}",
        "gap": f"{found.gap:.2f}",
        "photos with both parts": str(found.together),
    }
    for other, share in found.sources:
        facts[f"copied from {subject.classes[other]}"] = f"{share:.0%}"
    rows = []
    for number, (part, other) in enumerate(zip(found.parts, found.looks_like, strict=True), start=1):
        looks = f", looks like {subject.classes[other]}" if other >= 0 else ""
        chosen = spread(part, subject.samples.photos, SHOWN)
        rows.append(sheet(store, chosen, f"part {number}: {len(part)} distinct crops{looks}"))
    return _card(subject.classes[found.label], found.sure, facts, rows)


def mislabels(found: list[Mislabel], subject: Subject, store: CropStore) -> list[str]:
    """Returns the cards of the surest mislabelled crops, and a line on the rest."""
    cards = []
    for crop in found[:MOST_MISLABELS]:
        facts = {"score": f"{crop.score:.2f}", "classifier": f"{crop.probability:.2f}"}
        facts["neighbours"] = f"{crop.neighbours:.0%}"
        rows = [
            sheet(store, np.array([crop.row]), "the crop"),
            _class_sheet(crop.given, subject, store, SHOWN_BESIDE, "named "),
            _class_sheet(crop.proposed, subject, store, SHOWN_BESIDE, "proposed "),
        ]
        cards.append(_card(subject.crops[crop.row], crop.sure, facts, [f"<div class='row'>{''.join(rows)}</div>"]))
    if len(found) > MOST_MISLABELS:
        cards.append(f"<p>{len(found) - MOST_MISLABELS} more are in audit.json.</p>")
    return cards


def copies(found: Copies, subject: Subject, store: CropStore) -> list[str]:
    """Returns a table of where copies lie, and a sheet of near-copies of which few look alike by chance."""
    labels = subject.samples.labels
    if not found.identical and not len(found.near):
        return []
    counts: dict[tuple[str, ...], Counter[str]] = {}
    for rows in found.identical:
        names = tuple(subject.classes[label] for label in np.unique(labels[rows]))
        counts.setdefault(names, Counter()).update({"sets": 1, "crops": len(rows)})
    for pair in found.near:
        names = tuple(subject.classes[label] for label in np.unique(labels[pair]))
        counts.setdefault(names, Counter()).update({"near": 1})
    order = sorted(counts.items(), key=lambda item: (-len(item[0]), -item[1]["crops"]))
    lines = [
        f"<tr><td>{html.escape(' + '.join(names))}</td><td>{count['sets']}</td><td>{count['crops']}</td>"
        f"<td>{count['near']}</td></tr>"
        for names, count in order
    ]
    head = "<tr><th>class</th><th>sets of copies</th><th>crops in them</th><th>near-copy pairs</th></tr>"
    table = f"<div class='wide'><table>{head}{''.join(lines)}</table></div>"
    if not len(found.near):
        return [table]
    least = np.argsort(found.likeness, kind="stable")[:MOST_PAIRS]
    pairs = [sheet(store, found.near[place], f"{found.likeness[place]:.3f}") for place in least]
    return [table, f"<h3>Least alike of the near-copies</h3><div class='row'>{''.join(pairs)}</div>"]


def _class_sheet(label: int, subject: Subject, store: CropStore, count: int, prefix: str = "") -> str:
    rows = np.flatnonzero(subject.samples.labels == label)
    caption = f"{prefix}{subject.classes[label]} ({len(rows)} crops)"
    return sheet(store, spread(rows, subject.samples.photos, count), caption)


def _card(title: str, sure: bool, facts: dict[str, str], rows: list[str]) -> str:
    mark = "<b class='sure'>sure</b>" if sure else "<b class='possible'>possible</b>"
    listed = "".join(f"<li><span>{html.escape(key)}</span> {html.escape(value)}</li>" for key, value in facts.items())
    return f"<article><h3>{html.escape(title)} {mark}</h3><ul>{listed}</ul>{''.join(rows)}</article>"
