"""Reading learning curves from TensorBoard's files."""

from collections.abc import Sequence
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from analysis.figures.sweep import Value
from scripts.sweep_report.rows import Row

# Losses are shown above their floor, for those of different lambda cannot be compared.
CURVE_MEASURES = ("grouping_unseen/ari", "val/accuracy", "train/loss_above_floor")


def read_curves(folder: Path) -> dict[str, list[tuple[float, float]]]:
    """Return a run's scalars as (epoch, value), epochs counted from 1; empty without a file of TensorBoard.

    Where a run was killed and started again in its folder, the last start counts.
    """
    files = sorted(folder.glob("events.out.tfevents.*"), key=lambda path: path.stat().st_mtime_ns)
    if not files:
        return {}
    events = EventAccumulator(str(files[-1]), size_guidance={"scalars": 0}).Reload()
    tags = events.Tags()["scalars"]
    epochs = {event.step: event.value + 1 for event in events.Scalars("epoch")} if "epoch" in tags else {}
    return {
        tag: [(epochs[event.step], event.value) for event in events.Scalars(tag) if event.step in epochs]
        for tag in tags
    }


def curve_table(rows: Sequence[Row]) -> dict[str, list[Value]]:
    """Return the columns of the learning curves' figure for all runs of the rows."""
    table: dict[str, list[Value]] = {"measure": [], "setting": [], "epoch": [], "value": []}
    monitors = [run.result.get("monitor") for row in rows for run in row.distinct]
    shown = [name for name in dict.fromkeys([*monitors, *CURVE_MEASURES]) if name]
    curves = [(row, read_curves(run.folder)) for row in rows for run in row.distinct]
    # By measure first: the panels stand in the order in which the measures first appear.
    for measure in shown:
        for row, scalars in curves:
            for epoch, value in scalars.get(measure, []):
                cells: tuple[Value, ...] = (measure, f"{row.number}  {row.label}", epoch, value)
                for name, item in zip(table, cells, strict=True):
                    table[name].append(item)
    return table
