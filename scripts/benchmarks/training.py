"""An epoch of training: this project, the usual loop over pictures, and the network's arithmetic alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

from omegaconf import DictConfig

from scripts.benchmarks.inputs.made_up_crops import write_crops, write_photo
from scripts.benchmarks.timing.measure import machine, measure
from scripts.benchmarks.timing.table import Table, seconds_text

# As many crops as the detergents of the original report.
NUM_CROPS = 10_540
WORK = "scripts.benchmarks.work.training_work"
EVERY_EPOCHS = 10
# How this project trains.
WAYS = {
    f"{augmentation}{arithmetic}": {"augmented": bool(augmentation), "precision": precision}
    for arithmetic, precision in (("", "32-true"), (", bfloat16", "bf16-mixed"))
    for augmentation in ("", ", light, shift and erasing")
}


def run(cfg: DictConfig) -> Table:
    """Measure an epoch of every kind."""
    with tempfile.TemporaryDirectory() as name:
        return _measured(cfg, *crops_and_shelf(cfg, Path(name)))


def crops_and_shelf(cfg: DictConfig, folder: Path) -> tuple[str, int, dict]:
    """Return the folder of the crops, their number, and a photo with its boxes; make up in `folder` what is missing."""
    if cfg.data.root is None:
        write_crops(folder / "crops", (cfg.sizes or [NUM_CROPS])[0], cfg.seed)
    root = folder / "crops" if cfg.data.root is None else Path(cfg.data.root).resolve()
    boxes = write_photo(folder / "shelf.jpg", cfg.seed).tolist()
    count = sum(path.is_file() for path in root.rglob("*"))
    return str(root), count, {"photo": str(folder / "shelf.jpg"), "boxes": boxes}


def _measured(cfg: DictConfig, root: str, count: int, shelf: dict) -> Table:
    training = round(0.8 * count)
    common = {"threads": cfg.threads}
    limit = measure(f"{WORK}:limit", cfg.repeats, num_training=training, num_validation=count - training, **common)
    rows = [("forward and backward on floats in memory (bound)", limit.seconds)]
    for workers in (0, 2):
        usual = measure(
            f"{WORK}:original", 1, root=root, num_training=training, workers=workers, seed=cfg.seed, **common
        )
        rows.append((f"original report's loop, {workers} workers, one epoch", usual.seconds))
    epochs = cfg.repeats + 2
    notes = []
    for ending, way in WAYS.items():
        name = f"this project{ending}"
        arguments = {"root": root, "epochs": epochs, "seed": cfg.seed, **way, **shelf, **common}
        scores = measure(f"{WORK}:project", 1, **arguments).scores
        rows.append((f"{name}, steady epoch with validation", scores["steady"]))
        rows.append((f"{name}, first epoch with decoding", scores["first"]))
        drawn = scores["drawing"] - scores["closing"]
        share = (scores["closing"] + drawn / EVERY_EPOCHS) / scores["steady"]
        notes.append(
            f"{name}: clustering, measures and logging after validation take {seconds_text(scores['closing'])} of a "
            f"steady epoch, {seconds_text(scores['drawing'])} where figures are drawn, every {EVERY_EPOCHS} epochs: "
            f"{share:.1%} of an epoch; "
            f"libraries and configuration are {seconds_text(scores['loading'])} of the first one"
        )
    texts = [[name, seconds_text(seconds), f"{seconds / limit.seconds:.2f}"] for name, seconds in rows]
    title = f"An epoch of {training:,} + {count - training:,} crops, {cfg.threads} threads ({machine()})"
    return Table(title, ["work", "time", "times the bound"], texts, notes)
