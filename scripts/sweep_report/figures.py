"""The figures of a sweep report as pictures inside the page, each for light and for dark screens."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.typing import RcKeyType

from analysis.figures.sweep import Value, lambda_figure, learning_curves_figure, trade_off_figure
from scripts.pages.data_uri import data_uri
from scripts.sweep_report.curves import curve_table
from scripts.sweep_report.rows import Row

INK: tuple[RcKeyType, ...] = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color")
PAPER: tuple[RcKeyType, ...] = ("figure.facecolor", "axes.facecolor", "savefig.facecolor")
# The colours of the page's cards.
LIGHT = dict.fromkeys(INK, "#1d1d1b") | dict.fromkeys(PAPER, "#ffffff") | {"grid.color": "#c8ced6"}
DARK = dict.fromkeys(INK, "#ecece8") | dict.fromkeys(PAPER, "#1f1f1e") | {"grid.color": "#4d4d49"}
# Without a date the same runs give the same file; the rest says only that it is a picture by matplotlib.
NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))


@dataclass(frozen=True)
class ReportFigure:
    """A figure in the page.

    Attributes:
        title: Its heading.
        caption: What it shows.
        wide: Whether it takes the page's whole width.
        light: Data URI of the picture for light screens.
        dark: The same for dark ones.
    """

    title: str
    caption: str
    wide: bool
    light: str
    dark: str


def draw_figures(rows: Sequence[Row]) -> list[ReportFigure]:
    """Return the pictures that the rows have the data for."""
    curves = curve_table(rows)
    monitor = next((run.result.get("monitor") for row in rows for run in row.runs), None) or "the monitored measure"
    by_lambda, by_product = lambda_table(rows), trade_off_table(rows)
    figures = []
    if len({value for value in by_lambda["lambda"] if value is not None}) > 1:
        caption = f"Best {monitor}. Points are runs, bars the standard deviation over seeds and all other settings."
        figures.append(_draw("Grouping against lambda", caption, lambda: lambda_figure(by_lambda, f"best {monitor}")))
    if by_product["number"]:
        caption = "ARI of the last epoch; numbers as in the table, bars the standard deviation over seeds."
        figures.append(_draw("Seen and unseen products", caption, lambda: trade_off_figure(by_product)))
    if curves["epoch"]:
        caption = "Means over seeds; the band is the standard deviation. Losses are shown above their lambda's floor."
        figures.append(_draw("Learning curves", caption, lambda: learning_curves_figure(curves), wide=True))
    return figures


def lambda_table(rows: Sequence[Row]) -> dict[str, list[Value]]:
    """Return the columns of the figure against lambda."""
    table: dict[str, list[Value]] = {"lambda": [], "head": [], "metric": [], "value": []}
    for row in rows:
        scaled = row.runs[0].reads("lambda")
        for run in row.distinct:
            if "best" in run.measures:
                table["lambda"].append(float(run.cfg["lambda"]) if scaled else None)
                table["head"].append(run.value_of("head"))
                table["metric"].append(run.value_of("metric"))
                table["value"].append(run.measures["best"])
    return table


def trade_off_table(rows: Sequence[Row]) -> dict[str, list[Value]]:
    """Return the columns of the figure of seen and unseen products."""
    table: dict[str, list[Value]] = {"number": [], "setting": [], "seen": [], "unseen": []}
    for row in rows:
        for run in row.distinct:
            pair = [run.measures.get(f"grouping_{part}/ari") for part in ("seen", "unseen")]
            if None not in pair:
                for name, value in zip(table, (row.number, row.label, *pair), strict=True):
                    table[name].append(value)
    return table


def _draw(title: str, caption: str, draw: Callable[[], Figure], wide: bool = False) -> ReportFigure:
    sources = []
    for look in (LIGHT, DARK):
        stream = io.BytesIO()
        # With a fixed salt the same runs give the same file.
        with rc_context({**look, "svg.hashsalt": title}):
            draw().savefig(stream, format="svg", metadata=NO_METADATA)
        sources.append(data_uri(stream.getvalue(), "image/svg+xml"))
    return ReportFigure(title, caption, wide, *sources)
