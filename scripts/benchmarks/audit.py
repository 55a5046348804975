"""The audit on data sets with known errors: how many of its confident findings are wrong, how many errors it finds."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path

import numpy as np
from omegaconf import DictConfig

from analysis.audit.audit import audit
from analysis.audit.reliability.calibration import Findings, confident_findings
from analysis.audit.reliability.injection import inject
from datamodules.crops import CropTable
from datamodules.sources.folder import FolderSource
from datamodules.sources.photos import PhotosSource
from datamodules.sources.synthetic import SyntheticSource
from scripts.auditing.features import describe_crops
from scripts.benchmarks.timing.table import Table

KINDS = ("merge", "drop class", "drop crop")
# Share of the classes that are split, and of those that are mixed; of the crops that get a wrong name.
SHARE, WRONG = 0.1, 0.02
# The audit's own calibration draws from 0 upwards.
FIRST_SEED = 100
Counts = list[tuple[int, int, int]]


def run(cfg: DictConfig) -> Table:
    """Inject errors into every data set at hand, audit it, and count.

    Raises:
        ValueError: If the folder of a data set is missing.
    """
    rows = []
    for name, table in _tables(cfg):
        samples, _, description = describe_crops(table, cfg.checkpoint, None, Path(cfg.cache_dir))
        counts: list[Counts] = []
        for seed in range(FIRST_SEED + cfg.seed, FIRST_SEED + cfg.seed + cfg.repeats):
            noise = inject(samples, seed, SHARE, WRONG)
            result = audit(replace(samples, labels=noise.labels))
            findings = Findings(result.duplicates, result.mixtures, result.mislabels)
            found = confident_findings(findings, noise.original.tolist())
            counts.append([_counts(*pair) for pair in zip(found, noise.truth(), strict=True)])
        accuracy = f"{description.tried[description.name].share:.2f}"
        rows += [[name, accuracy, kind, *_rates([run[k] for run in counts])] for k, kind in enumerate(KINDS)]
    notes = [
        f"mean and standard deviation of {cfg.repeats} draws; every confident finding that was not injected counts as "
        "wrong, true errors of the data set too",
        "held out: share of the crops that the features tell apart on photos that were left out, before the injection",
    ]
    columns = ["data", "held out", "finding", "injected", "right", "wrong", "false discovery rate", "recall"]
    return Table("Confident findings on injected errors", columns, rows, notes)


def _tables(cfg: DictConfig) -> list[tuple[str, CropTable]]:
    """Return the labelled crops of each data set; GroZi-120 in the half of the classes on which nothing was chosen."""
    rendered = SyntheticSource(shelves_seed=cfg.shelves_seed, cache_dir=cfg.cache_dir, workers=cfg.threads)
    found = [("rendered", rendered.load().training)]
    if cfg.data_dir is not None:
        folder = Path(cfg.data_dir)
        shelves = PhotosSource(
            validation_fraction=0.0, root=str(folder / "cornershop"), ignored_products=("__UNKNOWN", "__WRONG")
        )
        groceries = FolderSource(validation_fraction=0.0, root=str(folder / "grozi120"), by_order=True).load().training
        half = groceries.take(np.flatnonzero(groceries.labels % 2 == 1))
        found += [("cornershop", shelves.load().training), ("GroZi-120, half", half)]
    return found


def _counts(found: set[Hashable], injected: set[Hashable]) -> tuple[int, int, int]:
    right = len(found & injected)
    return len(injected), right, len(found) - right


def _rates(counts: Counts) -> list[str]:
    injected, right, wrong = np.array(counts, dtype=float).T
    rates = (wrong / np.maximum(right + wrong, 1), right / np.maximum(injected, 1))
    totals = [f"{values.sum():.0f}" for values in (injected, right, wrong)]
    return totals + [f"{rate.mean():.2f} ± {rate.std():.2f}" for rate in rates]
