"""The table that the group command prints."""

from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from analysis.measures.grouping import mean_measures
from inference.groups import Groups

MEASURE_TITLES = {"ari": "ARI", "ami": "AMI", "bcubed_f": "BCubed F"}


def describe(groupings: Sequence[Groups], output: Path, failures: Sequence[str]) -> None:
    """Print a line per photo, the measures where the boxes carry labels, what failed, and where the results are."""
    console = Console()
    table = Table(box=SIMPLE, pad_edge=False)
    table.add_column("photo")
    measured = [grouping.measures() for grouping in groupings]
    labelled = any(measures is not None for measures in measured)
    columns = ["detections", "groups", "congregations", "alone", *(MEASURE_TITLES.values() if labelled else [])]
    for column in columns:
        table.add_column(column, justify="right")
    for grouping, measures in zip(groupings, measured, strict=True):
        alone = int((grouping.labels < 0).sum())
        counts = [len(grouping.scene), grouping.num_clusters, len(grouping.congregations), alone]
        table.add_row(grouping.scene.name, *map(str, counts), *_cells(measures, labelled))
    scored = [measures for measures in measured if measures is not None]
    if len(scored) > 1:
        table.add_row("mean", "", "", "", "", *_cells(mean_measures(scored), labelled))
    console.print(table)
    for failure in failures:
        console.print(f"failed  {failure}", style="red", markup=False)
    # Not through the console, which would break a path where it cannot be copied.
    print(f"wrote groups.json, groups.csv and overlay.png of {len(groupings)} photo(s), and shelf.csv")
    print(f"open {output}/index.html")


def _cells(measures: dict[str, float] | None, labelled: bool) -> list[str]:
    if not labelled:
        return []
    return ["-"] * len(MEASURE_TITLES) if measures is None else [f"{measures[name]:.3f}" for name in MEASURE_TITLES]
