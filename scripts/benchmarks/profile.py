"""Where an epoch of training spends its time: the usual loop over pictures, and this project."""

from __future__ import annotations

import tempfile
from pathlib import Path

from omegaconf import DictConfig

from scripts.benchmarks.timing.measure import machine, measure
from scripts.benchmarks.timing.table import Table, seconds_text
from scripts.benchmarks.training import WAYS, crops_and_shelf
from scripts.benchmarks.work.profile_work import EPOCH_PARTS

WORK = "scripts.benchmarks.work.profile_work"


def run(cfg: DictConfig) -> Table:
    """Measure the parts of an epoch of every kind."""
    with tempfile.TemporaryDirectory() as name:
        root, count, shelf = crops_and_shelf(cfg, Path(name))
        common = {"root": root, "threads": cfg.threads, "seed": cfg.seed}
        training = round(0.8 * count)
        usual = measure(f"{WORK}:original", 1, num_training=training, **common).scores
        own = [
            measure(f"{WORK}:project", 1, epochs=cfg.repeats + 2, **way, **shelf, **common).scores
            for way in WAYS.values()
        ]
    columns = [usual, *own]
    totals = ["the whole epoch", *(seconds_text(sum(parts.values())) for parts in columns)]
    rows = [[part, *(_text(parts, part) for parts in columns)] for part in EPOCH_PARTS]
    title = f"An epoch of {training:,} + {count - training:,} crops by part, {cfg.threads} threads ({machine()})"
    names = ["part", "original report's loop", *(f"this project{way}" for way in WAYS)]
    return Table(title, names, [*rows, totals])


def _text(parts: dict[str, float], part: str) -> str:
    if part not in parts:
        return "-"
    return f"{seconds_text(parts[part])} ({parts[part] / sum(parts.values()):.0%})"
