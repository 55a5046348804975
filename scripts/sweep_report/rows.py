"""Folding runs into rows: one per setting, with mean and spread over seeds."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.cli.sweep import PLACES
from scripts.sweep_report.runs import FINISHED, Run

NO_EFFECT = "-"
# What is folded, or only a place.
NOT_A_SETTING = ("seed", "resume", *PLACES)


@dataclass(frozen=True)
class Spread:
    """A measure over seeds.

    Attributes:
        mean: Mean over the seeds.
        deviation: Standard deviation over the seeds (n - 1), None for a single one.
        count: Number of seeds.
    """

    mean: float
    deviation: float | None
    count: int


@dataclass(frozen=True)
class Row:
    """The runs of one setting.

    Attributes:
        number: From 1 on, the best first.
        settings: What distinguishes it from other rows, by key.
        runs: Its runs; several of one seed are repeats of one another.
        measures: Every measure's mean and spread.
    """

    number: int
    settings: dict[str, str]
    runs: tuple[Run, ...]
    measures: dict[str, Spread]

    @property
    def label(self) -> str:
        """Its settings in one line, as one would type them."""
        return " ".join(f"{key}={value}" for key, value in self.settings.items() if value != NO_EFFECT) or "all runs"

    @property
    def distinct(self) -> list[Run]:
        """One run per seed, without those that only repeat it."""
        return [same[0] for same in _by_seed(self.runs)]


def differing_keys(runs: Sequence[Run]) -> list[str]:
    """Return the overrides whose value is not the same in all runs, in the order in which they were typed."""
    keys = dict.fromkeys(key for run in runs for key in run.overrides)
    return [key for key in keys if key not in NOT_A_SETTING and len({run.value_of(key) for run in runs}) > 1]


def fold(runs: Sequence[Run]) -> list[Row]:
    """Return a row per setting of the finished runs, the one with the best value first."""
    finished = [run for run in runs if run.status == FINISHED]
    groups: dict[str, list[Run]] = {}
    for run in finished:
        groups.setdefault(run.effect, []).append(run)
    keys = differing_keys(finished)
    settings = [{key: _shown(group, key) for key in keys} for group in groups.values()]
    # A key without effect in any row tells none of them apart.
    kept = [key for key in keys if any(row[key] != NO_EFFECT for row in settings)]
    parts = [
        ({key: row[key] for key in kept}, tuple(group), _spreads(group))
        for row, group in zip(settings, groups.values(), strict=True)
    ]
    parts.sort(key=lambda part: -part[2]["best"].mean if "best" in part[2] else float("inf"))
    return [Row(number, *part) for number, part in enumerate(parts, start=1)]


def largest_difference(rows: Sequence[Row]) -> tuple[int, float]:
    """Return how many runs repeat another one with the same seed, and by how much their best values differ at most."""
    repeats, largest = 0, 0.0
    for row in rows:
        for same in _by_seed(row.runs):
            values = [run.measures["best"] for run in same if "best" in run.measures]
            repeats += len(same) - 1
            largest = max(largest, max(values) - min(values)) if values else largest
    return repeats, largest


def _shown(group: Sequence[Run], key: str) -> str:
    return group[0].value_of(key) if group[0].reads(key) else NO_EFFECT


def _spreads(group: Sequence[Run]) -> dict[str, Spread]:
    names = dict.fromkeys(name for run in group for name in run.measures)
    spreads = {}
    for name in names:
        # Repeats of one seed count once, or the spread would shrink by typing a command twice.
        seeds = [[run.measures[name] for run in same if name in run.measures] for same in _by_seed(group)]
        means = [statistics.fmean(values) for values in seeds if values]
        deviation = statistics.stdev(means) if len(means) > 1 else None
        spreads[name] = Spread(statistics.fmean(means), deviation, len(means))
    return spreads


def _by_seed(runs: Sequence[Run]) -> list[list[Run]]:
    seeds: dict[str, list[Run]] = {}
    for run in runs:
        seeds.setdefault(run.seed, []).append(run)
    return list(seeds.values())
