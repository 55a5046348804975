"""Photos folded into means, intervals over photos and spreads over seeds."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.measures.bootstrap import bootstrap_interval
from analysis.measures.per_photo import by_part
from scripts.evaluation.checkpoints import study_names
from scripts.evaluation.photos import PhotoKey, PhotoResult


@dataclass(frozen=True)
class Estimate:
    """A measure over many photos.

    Attributes:
        mean: Mean over photos, a photo that several runs measured being the mean over these.
        low: Lower end of the 95 % bootstrap interval over photos; None for a single photo, which has none.
        high: Its upper end.
        spread: Standard deviation over seeds of a seed's mean over its photos; None for a single seed.
        photos: Photos for which the measure is defined.
    """

    mean: float
    low: float | None
    high: float | None
    spread: float | None
    photos: int


@dataclass(frozen=True)
class Study:
    """Runs that differ in seeds and folds alone.

    Attributes:
        name: The overrides that tell it from the other studies.
        runs: Names of its runs.
        seeds: Its seeds.
        parts: Estimate of each measure, by part (all, seen, unseen, SOURCE_all ...) and name.
    """

    name: str
    runs: list[str]
    seeds: list[str]
    parts: dict[str, dict[str, Estimate]]


def fold_studies(results: Sequence[PhotoResult]) -> list[Study]:
    """Return one study for all runs that differ in seeds and folds alone, in the order of their runs."""
    names = study_names([result.trained for result in results])
    groups: dict[str, list[PhotoResult]] = defaultdict(list)
    for result in results:
        groups[names[result.trained.study]].append(result)
    return [_study(name, group) for name, group in groups.items()]


def worst_photos(results: Sequence[PhotoResult], count: int) -> list[PhotoResult]:
    """Return the photos whose mean ARI over runs is lowest, each as the run with its lowest ARI grouped it."""
    photos: dict[PhotoKey, list[PhotoResult]] = defaultdict(list)
    for result in results:
        photos[result.photo].append(result)
    ranked = sorted(photos.values(), key=lambda group: float(np.mean([ari_of(result) for result in group])))
    return [min(group, key=ari_of) for group in ranked[:count]]


def ari_of(result: PhotoResult) -> float:
    """Return the ARI over all detections of a photo."""
    return result.measures.parts["all"]["ari"]


def _study(name: str, results: list[PhotoResult]) -> Study:
    collected: dict[str, dict[str, list[tuple[PhotoKey, str, float]]]] = defaultdict(lambda: defaultdict(list))
    for result in results:
        for part, measures in by_part([result.measures]).items():
            for measure, value in measures[0].items():
                if not np.isnan(value):
                    collected[part][measure].append((result.photo, result.trained.seed, value))
    parts = {
        part: {measure: _estimate(values) for measure, values in measures.items()}
        for part, measures in collected.items()
    }
    order = [part for part in by_part([result.measures for result in results]) if part in parts]
    runs = list(dict.fromkeys(result.trained.name for result in results))
    seeds = sorted({result.trained.seed for result in results})
    return Study(name, runs, seeds, {part: parts[part] for part in order})


def _estimate(values: list[tuple[PhotoKey, str, float]]) -> Estimate:
    """Fold (photo, seed, value) of one measure."""
    of_photo, of_seed = defaultdict(list), defaultdict(list)
    for photo, seed, value in values:
        of_photo[photo].append(value)
        of_seed[seed].append(value)
    photos = np.array([np.mean(group) for group in of_photo.values()])
    seeds = [float(np.mean(group)) for group in of_seed.values()]
    low, high = bootstrap_interval(photos) if len(photos) > 1 else (None, None)
    spread = float(np.std(seeds, ddof=1)) if len(seeds) > 1 else None
    return Estimate(float(photos.mean()), low, high, spread, len(photos))
