"""How fast photos become embeddings, beside decoding and the network alone, and how large the network is."""

from __future__ import annotations

from tempfile import TemporaryDirectory

from omegaconf import DictConfig

from inference.embed_crops import BATCH_SIZE
from inference.shipped_checkpoint import checkpoint_or_shipped
from scripts.benchmarks.inputs.shelves import write_photos
from scripts.benchmarks.timing.measure import machine, measure
from scripts.benchmarks.timing.table import Table, seconds_text

WORK = "scripts.benchmarks.work.grouping_work"
# Ten photos, whose boxes are about 100 pixels wide.
NUM_PHOTOS, NUM_BOXES = 10, 100


def run(cfg: DictConfig) -> Table:
    """Measure a checkpoint, or the included one, on made-up photos."""
    path = checkpoint_or_shipped(cfg.checkpoint).resolve()
    options = {"checkpoint": str(path), "threads": cfg.threads}
    crops = NUM_PHOTOS * NUM_BOXES
    with TemporaryDirectory() as folder:
        write_photos(folder, NUM_PHOTOS, NUM_BOXES, cfg.seed)
        decoded = measure(f"{WORK}:decode_photos", cfg.repeats, folder=folder)
        network = measure(f"{WORK}:embed_crops", cfg.repeats, num_crops=crops, batch_size=BATCH_SIZE, **options)
        whole = measure(f"{WORK}:embed_photos", cfg.repeats, folder=folder, **options)
    bound = decoded.seconds + network.seconds
    rows = [
        [name, seconds_text(1000 * seconds / crops), f"{seconds / bound:.2f}", f"{crops / seconds:,.0f}"]
        for name, seconds in (
            ("decoding the photos, Pillow alone", decoded.seconds),
            ("the network alone, squares in memory", network.seconds),
            ("both (bound)", bound),
            ("this project, from the files", whole.seconds),
        )
    ]
    parameters = network.scores["parameters"]
    notes = [
        f"{path.name}: {parameters:,.0f} parameters, {4e-6 * parameters:.1f} MB; {BATCH_SIZE} crops at once, float32",
        f"median of {cfg.repeats} times {NUM_PHOTOS} photos of {NUM_BOXES} boxes of about 100 pixels",
    ]
    columns = ["work", "1,000 boxes", "relative to the bound", "boxes per second"]
    return Table(f"Embedding the boxes of photos, {cfg.threads} threads ({machine()})", columns, rows, notes)
