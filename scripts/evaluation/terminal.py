"""What an evaluation prints."""

from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.measures.enough import too_few_to_measure
from analysis.measures.grouping import SHORT_TITLES
from datamodules.scene import Scene
from scripts.evaluation.photos import PhotoResult
from scripts.evaluation.summary import Estimate, Study, ari_of

CAPTION = (
    "Each cell: mean over photos, its 95 % interval over photos, ± standard deviation over seeds.\n"
    "B: BCubed precision, recall, F; single: products of one item left alone; count: clusters beyond products."
)
NARROWEST = 110


def describe(studies: Sequence[Study], worst: Sequence[PhotoResult]) -> None:
    """Print a table per study and the worst photos."""
    console = Console()
    console.width = max(console.width, NARROWEST)
    for study in studies:
        console.print(_table(study))
    console.print(CAPTION)
    if any(measures["ari"].photos == 1 for study in studies for measures in study.parts.values()):
        console.print("one photo: no interval")
    for result in worst:
        console.print(f"worst: ARI {ari_of(result):.3f}  {result.scene.name}", markup=False)


def too_few(results: Sequence[PhotoResult]) -> str | None:
    """Return a line where the photos that were measured, by however many runs, are too few."""
    scenes = list({result.photo: result.scene for result in results}.values())
    return too_few_to_measure([*map(_products, scenes)], one_pile=len(scenes) == 1 and scenes[0].photo is None)


def _products(scene: Scene) -> list[str | int]:
    """Return the product of each labelled detection, by its name where the photo has its own numbers."""
    numbers = [] if scene.labels is None else scene.labels[scene.labels >= 0].tolist()
    return [scene.products[number] for number in numbers] if scene.products else numbers


def _table(study: Study) -> Table:
    title = f"{study.name}: {len(study.runs)} runs, seeds {', '.join(study.seeds)}"
    table = Table(title=title, title_justify="left", box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("products", no_wrap=True)
    table.add_column("photos", justify="right")
    for column in SHORT_TITLES.values():
        table.add_column(column, justify="right", no_wrap=True)
    for part, measures in study.parts.items():
        cells = [_cell(measures.get(measure)) for measure in SHORT_TITLES]
        table.add_row(part, str(measures["ari"].photos), *map(Text, cells))
    return table


def _cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return "-"
    lines = [f"{estimate.mean:.3f}"]
    if estimate.low is not None and estimate.high is not None:
        lines.append(f"[{_short(estimate.low)} {_short(estimate.high)}]")
    if estimate.spread is not None:
        lines.append(f"± {estimate.spread:.3f}")
    return "\n".join(lines)


def _short(value: float) -> str:
    """Return a number without the zero before its point."""
    return f"{value:.2f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.1f}"
