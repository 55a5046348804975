"""The memory of a process that trains, over few and over many crops."""

from __future__ import annotations

import tempfile
from pathlib import Path

from omegaconf import DictConfig

from scripts.benchmarks.timing.measure import machine, measure
from scripts.benchmarks.timing.table import Table
from scripts.benchmarks.work.memory_work import CROP_SIDE, CROPS_PER_PHOTO, write_photos

SIZES = (10_000, 200_000)
COLUMNS = ["crops", "decoded", "before the data", "decoding", "epoch 1", "epoch 2", "of it not files"]


def run(cfg: DictConfig) -> Table:
    """Train two epochs over made-up photos of every size, each in a process of its own."""
    rows = []
    for size in cfg.sizes or SIZES:
        photos = max(2, size // CROPS_PER_PHOTO)
        with tempfile.TemporaryDirectory() as folder:
            write_photos(Path(folder) / "photos", photos, cfg.seed)
            arguments = {"megabytes": cfg.resident_megabytes, "threads": cfg.threads, "seed": cfg.seed}
            scores = measure("scripts.benchmarks.work.memory_work:train", 1, folder=folder, **arguments).scores
        crops = photos * CROPS_PER_PHOTO
        parts = ("loaded", "decoding", "epoch 0", "epoch 1", "anonymous")
        decoded = f"{crops * CROP_SIDE**2 * 3 / 2**20:,.0f} MB"
        rows.append([f"{crops:,}", decoded, *(f"{scores[part]:,.0f} MB" if part in scores else "-" for part in parts)])
    title = f"Resident memory of a training, datamodule.resident_megabytes={cfg.resident_megabytes} ({machine()})"
    notes = [
        "the highest in each part of the training; an epoch includes its validation, on a tenth of the photos",
        "not files: the highest of what no file backs, which the system cannot take away; - where it does not tell",
    ]
    return Table(title, COLUMNS, rows, notes)
