"""What a person's answers are worth: questions of this project and of its peers about photos that networks held out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from omegaconf import DictConfig

from analysis.measures.bootstrap import bootstrap_interval
from analysis.measures.per_photo import PhotoMeasures, by_part
from analysis.review.fit import fit_odds
from scripts.benchmarks.reviewing.a3s import a3s
from scripts.benchmarks.reviewing.asking import AskedPhoto, Method, answer_questions
from scripts.benchmarks.reviewing.cobras import cobras
from scripts.benchmarks.reviewing.ours import (
    most_gain,
    most_uncertain,
    nearest_crops,
    nearest_merge,
    random_pairs,
    without_doubts,
)
from scripts.benchmarks.reviewing.photos import photos_of_runs, store_of_folder
from scripts.benchmarks.reviewing.point_uncertainty import point_uncertainty
from scripts.benchmarks.timing.table import Table

METHODS: dict[str, tuple[str, Method]] = {
    "most_gain": ("this project: most pairs put right", most_gain),
    "without_doubts": ("the same, but nothing again", without_doubts),
    "nearest_crops": ("the same, but the nearest crops shown", nearest_crops),
    "most_uncertain": ("probability nearest to one half", most_uncertain),
    "nearest_merge": ("merge nearest to the cut, weighed by sizes", nearest_merge),
    "random_pairs": ("any two detections", random_pairs),
    "a3s": ("A3S (2024)", a3s),
    "point_uncertainty": ("NPU (2014)", point_uncertainty),
    "cobras": ("COBRAS (2018)", cobras),
}


def run(cfg: DictConfig) -> Table:
    """Let each method ask about each photo, and measure the grouping after some of the answers.

    Raises:
        ValueError: If no runs are given, there is no method of a name, or a number is out of its range.
    """
    methods = _check(cfg)
    if cfg.across_photos:
        photos = [store_of_folder(cfg.checkpoint, cfg.data.root)]
        notes = [f"all photos of {cfg.data.root} together: {len(photos[0].products)} detections"]
    else:
        photos = photos_of_runs(cfg.runs, Path(cfg.cache_dir), cfg.sources)
        notes = [f"{len(photos)} photos of {cfg.runs}"]
    notes.append(f"{cfg.wrong:.0%} of the answers wrong")
    marks, rows = tuple(cfg.marks), []
    for name in methods:
        title, method = METHODS[name]
        found = [answer_questions(photo, method, marks, cfg.seed, cfg.wrong) for photo in photos]
        rows += _rows(title, photos, found)
    odds = fit_odds([(photo.distance, photo.products, photo.threshold) for photo in photos])
    notes.append(f"odds fitted on these photos: intercept {odds.intercept:.2f}, slope {odds.slope:.2f}; not used here")
    notes.append("ARI and its 95 % interval over photos / BCubed F; the means are over photos of one network each")
    return Table(
        "Answers and grouping", ["photos", "method", *(f"{mark} answers" for mark in marks)], sorted(rows), notes
    )


def _check(cfg: DictConfig) -> list[str]:
    methods = list(cfg.methods or METHODS)
    unknown = [name for name in methods if name not in METHODS]
    if unknown:
        raise ValueError(f"there is no method {unknown[0]!r}, only {', '.join(METHODS)}")
    if cfg.across_photos and cfg.data.root is None:
        raise ValueError("data.root must be given with across_photos: type data.root=FOLDER with a store's photos")
    if not cfg.across_photos and cfg.runs is None:
        raise ValueError("runs must be given: type runs=FOLDER with the runs of train.py")
    if not 0 <= cfg.wrong < 1:
        raise ValueError(f"wrong must lie in [0, 1), got {cfg.wrong}")
    if not cfg.marks or min(cfg.marks) < 0 or sorted(set(cfg.marks)) != list(cfg.marks):
        raise ValueError(f"marks must be ascending numbers of at least 0, got {cfg.marks}")
    return methods


def _rows(title: str, photos: Sequence[AskedPhoto], found: list[list[PhotoMeasures]]) -> list[list[str]]:
    """Return a row for each part of the photos, such as those of one source."""
    parts = [by_part(at_mark) for at_mark in zip(*found, strict=True)]
    named = any(photo.source for photo in photos)
    chosen = [part for part in parts[0] if named == part.endswith(("_all", "_unseen"))]
    return [[f"{part} ({len(parts[0][part])})", title, *(_cell(at[part]) for at in parts)] for part in chosen]


def _cell(measures: list[dict[str, float]]) -> str:
    ari, f = ([photo[key] for photo in measures] for key in ("ari", "bcubed_f"))
    if len(ari) == 1:
        return f"{ari[0]:.3f} / {f[0]:.3f}"
    low, high = bootstrap_interval(ari)
    return f"{np.mean(ari):.3f} ({low:.2f} to {high:.2f}) / {np.mean(f):.3f}"
