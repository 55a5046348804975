"""What the group command leaves: the files of every photo, the page of all, and a table on the terminal."""

from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import track
from rich.table import Table

from analysis.measures.grouping import mean_measures
from datamodules.pictures import read_picture
from inference.grouper import Grouping

SHOWN = {"ari": "ARI", "ami": "AMI", "bcubed_f": "BCubed F"}


def write_all(
    groupings: Sequence[Grouping], folders: Sequence[Path], output: Path, across_photos: bool, save_crops: bool
) -> None:
    """Writes each photo's files into its folder and the page of all photos into ``output``.

    Args:
        groupings: What was found in each photo.
        folders: A folder per photo.
        output: Folder of index.html.
        across_photos: Whether cluster numbers are shared between photos.
        save_crops: Whether to write each detection's crop.
    """
    # matplotlib is loaded only where there is something to draw.
    from scripts.group_output.files import write_crops, write_groups
    from scripts.group_output.page import write_page
    from scripts.group_output.page_photo import PagePhoto

    pages = []
    pairs = list(zip(groupings, folders, strict=True))
    for grouping, folder in track(pairs, "Writing results", transient=True, disable=len(pairs) < 2):
        path = grouping.scene.photo
        assert path is not None, "only scenes with a photo are written"
        photo = read_picture(path)
        record = write_groups(grouping, photo, folder, across_photos)
        if save_crops:
            write_crops(grouping, photo, folder)
        pages.append(PagePhoto(record, path, _shown(grouping.measures())))
    write_page(pages, output / "index.html")


def describe(groupings: Sequence[Grouping], output: Path, failures: Sequence[str]) -> None:
    """Prints a line per photo, the measures where the boxes carry labels, what failed, and where the results are."""
    console = Console()
    table = Table(box=SIMPLE, pad_edge=False)
    table.add_column("photo")
    measured = [grouping.measures() for grouping in groupings]
    labelled = any(measures is not None for measures in measured)
    columns = ["detections", "groups", "congregations", "alone", *(SHOWN.values() if labelled else [])]
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
    console.print(
        f"wrote groups.json, groups.csv and overlay.png of {len(groupings)} photo(s), and {output}/index.html"
    )


def _cells(measures: dict[str, float] | None, labelled: bool) -> list[str]:
    if not labelled:
        return []
    return ["-"] * len(SHOWN) if measures is None else [f"{measures[name]:.3f}" for name in SHOWN]


def _shown(measures: dict[str, float] | None) -> dict[str, float] | None:
    return None if measures is None else {title: measures[name] for name, title in SHOWN.items()}
