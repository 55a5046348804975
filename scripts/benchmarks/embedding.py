"""How fast a checkpoint's network embeds crops, and how large it is."""

from __future__ import annotations

from pathlib import Path

from omegaconf import DictConfig

from scripts.benchmarks.timing.measure import Job, machine, measure
from scripts.benchmarks.timing.table import Table, seconds_text

NUM_CROPS = 500
AT_ONCE = 100


def run(cfg: DictConfig) -> Table:
    """Measures the embedder of a checkpoint on random crops, decoded and in memory.

    Raises:
        ValueError: If no checkpoint is given.
    """
    if cfg.checkpoint is None:
        raise ValueError("checkpoint must be given: type checkpoint=PATH")
    path = str(Path(cfg.checkpoint).resolve())
    found = measure("scripts.benchmarks.embedding:embed", cfg.repeats, checkpoint=path, threads=cfg.threads)
    row = [
        Path(cfg.checkpoint).name,
        f"{found.scores['parameters']:,.0f}",
        f"{4e-6 * found.scores['parameters']:.1f} MB",
        seconds_text(found.seconds / NUM_CROPS),
        f"{NUM_CROPS / found.seconds:,.0f}",
    ]
    columns = ["checkpoint", "numbers", "size", "a crop", "crops per second"]
    notes = [f"median of {cfg.repeats} times {NUM_CROPS} crops, {AT_ONCE} at once, float32; 4 bytes a number"]
    return Table(f"Embedding, {cfg.threads} threads ({machine()})", columns, [row], notes)


def embed(checkpoint: str, threads: int) -> Job:
    """Prepares the embedding of random crops of the size that the checkpoint's network expects."""
    import torch

    from inference.grouper import Grouper
    from scripts.cli.process import keep_freed_memory

    keep_freed_memory()
    torch.set_num_threads(threads)
    embedder = Grouper.load(checkpoint).embedder
    side = embedder.backbone.image_size
    images = torch.randint(0, 256, (AT_ONCE, side, side, 3), dtype=torch.uint8).permute(0, 3, 1, 2)
    batch = (images, torch.zeros(AT_ONCE, 2))
    embedder.embed(iter([batch]))
    parameters = float(sum(parameter.numel() for parameter in embedder.parameters()))
    return lambda: embedder.embed(iter([batch] * (NUM_CROPS // AT_ONCE))), lambda result: {"parameters": parameters}
