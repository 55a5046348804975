"""How fast a checkpoint's network embeds crops, and how large it is."""

from __future__ import annotations

from pathlib import Path

from omegaconf import DictConfig

from scripts.benchmarks.timing.measure import machine, measure
from scripts.benchmarks.timing.table import Table, seconds_text

WORK = "scripts.benchmarks.work.grouping_work"
NUM_CROPS = 500
BATCH_SIZE = 100


def run(cfg: DictConfig) -> Table:
    """Measure the embedder of a checkpoint on random crops, decoded and in memory.

    Raises:
        ValueError: If no checkpoint is given.
    """
    if cfg.checkpoint is None:
        raise ValueError("checkpoint must be given: type checkpoint=PATH")
    path = str(Path(cfg.checkpoint).resolve())
    size = {"num_crops": NUM_CROPS, "batch_size": BATCH_SIZE}
    found = measure(f"{WORK}:embed_crops", cfg.repeats, checkpoint=path, threads=cfg.threads, **size)
    row = [
        Path(cfg.checkpoint).name,
        f"{found.scores['parameters']:,.0f}",
        f"{4e-6 * found.scores['parameters']:.1f} MB",
        seconds_text(found.seconds / NUM_CROPS),
        f"{NUM_CROPS / found.seconds:,.0f}",
    ]
    columns = ["checkpoint", "parameters", "size", "a crop", "crops per second"]
    notes = [f"median of {cfg.repeats} times {NUM_CROPS} crops, {BATCH_SIZE} at once, float32; 4 bytes per parameter"]
    return Table(f"Embedding, {cfg.threads} threads ({machine()})", columns, [row], notes)
