"""Aggregation of the boxes of a photo: this project, the original raster, and finding each box's neighbours."""

from __future__ import annotations

from omegaconf import DictConfig

from scripts.benchmarks.timing.measure import Measurement, machine, measure
from scripts.benchmarks.timing.table import Table, growth_exponent, seconds_text

DEFAULT_SIZES = (100, 1000, 10_000)
# The raster paints every pixel of the photo once per cluster: time grows with the square of the boxes.
RASTER_LIMIT = 100
METHODS = {
    "each box's neighbours (bound)": "neighbours",
    "this project": "this_project",
    "this project, links cut by others": "this_project_cut",
    "shapely union and buffer": "buffered",
    "original report's raster": "original_raster",
}


def run(cfg: DictConfig) -> Table:
    """Measure every method at every size."""
    rows, notes = [], []
    for name, function in METHODS.items():
        found: dict[int, Measurement] = {}
        for size in cfg.sizes or DEFAULT_SIZES:
            if function == "original_raster" and size > RASTER_LIMIT:
                continue
            prepare = f"scripts.benchmarks.work.aggregation_methods:{function}"
            found[size] = measure(prepare, cfg.repeats, num_boxes=size, seed=cfg.seed)
        rows += [_row(name, size, measurement) for size, measurement in found.items()]
        if len(found) > 1:
            exponent = growth_exponent(list(found), [measurement.seconds for measurement in found.values()])
            notes.append(f"{name}: time grows as n^{exponent:.1f} between the two largest sizes")
    notes.append(f"a box is about 100 pixels wide: n boxes make a photo of 100 sqrt(n) pixels; median of {cfg.repeats}")
    title = f"Aggregation of the boxes of one photo ({machine()})"
    return Table(title, ["method", "boxes", "time", "memory", "congregations"], rows, notes)


def _row(name: str, size: int, found: Measurement) -> list[str]:
    count = f"{found.scores['congregations']:,.0f}" if found.scores else "-"
    return [name, f"{size:,}", seconds_text(found.seconds), f"{found.megabytes:,.0f} MB", count]
