"""What a sweep found: learning curves, grouping against lambda, seen against unseen products.

A table is a mapping from column to values, all of one length; a row is one run, or one epoch of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import seaborn
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator
from numpy.typing import NDArray

from analysis.figures.palette import ALONE_COLOUR, cluster_style

Value = float | str | None
Table = Mapping[str, Sequence[Value]]
Colour = tuple[float, float, float]
# Colours of the palette that read well as thin lines; its yellow does not.
_LINE_HUES = (0, 1, 2, 3, 5, 6)
_LINE_MARKERS = ("o", "s", "^", "D", "v", "P")


def learning_curves_figure(table: Table) -> Figure:
    """Draw a panel per measure: its mean over the runs of a setting against the epoch, and their standard deviation.

    Args:
        table: Columns measure, setting, epoch and value; the first six settings are coloured, the others grey.

    Raises:
        ValueError: If the table has no rows.
    """
    _check(table, ("measure", "setting", "epoch", "value"))
    measures, settings = _distinct(table["measure"]), _distinct(table["setting"])
    # Two columns, so that the panels stay large enough on a page.
    columns = min(len(measures), 2)
    rows = -(-len(measures) // columns)
    figure = Figure(figsize=(6.0 * columns, 3.2 * rows + 0.25 * min(len(settings), 7)), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, measure in zip(panels, measures, strict=False):
        _draw_curves(axes, _where(table, "measure", measure), settings)
        axes.set(title=measure, xlabel="epoch", ylabel="")
    for axes in panels[len(measures) :]:
        axes.remove()
    _legend_below(figure, panels[0])
    return figure


def lambda_figure(table: Table, measure: str) -> Figure:
    """Draw a measure against lambda on a logarithmic axis, a line per head and metric.

    Points are runs; a line is their mean and its bars the standard deviation, over seeds and all other settings. A
    head without lambda is a level.

    Args:
        table: Columns lambda (None for a head without it), head, metric and value.
        measure: What the value is.

    Raises:
        ValueError: If the table has no rows.
    """
    _check(table, ("lambda", "head", "metric", "value"))
    groups = [f"head={head} metric={metric}" for head, metric in zip(table["head"], table["metric"], strict=True)]
    figure = Figure(figsize=(6.4, 4.6), layout="constrained")
    axes = figure.add_subplot()
    for number, group in enumerate(dict.fromkeys(groups)):
        look, rows = _look(number), [row for row, name in enumerate(groups) if name == group]
        scaled = [row for row in rows if table["lambda"][row] is not None]
        scales, values = ([table[name][row] for row in scaled] for name in ("lambda", "value"))
        if scaled:
            seaborn.lineplot(x=scales, y=values, errorbar="sd", err_style="bars", ax=axes, label=group, **look)
            seaborn.scatterplot(x=scales, y=values, ax=axes, color=_colour(number), s=14, alpha=0.6, legend=False)
        level = np.array([table["value"][row] for row in rows if table["lambda"][row] is None], dtype=float)
        if len(level):
            _draw_level(axes, level, _colour(number), group)
    ticks = sorted({float(value) for value in table["lambda"] if value is not None})
    axes.set_xscale("log")
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set(xlabel="lambda", ylabel=measure)
    axes.grid()
    _legend_below(figure, axes)
    return figure


def trade_off_figure(table: Table) -> Figure:
    """Draw how well unseen products are grouped against how well seen ones are, a numbered mark per setting.

    Marks are means with standard deviations, points are runs; on the diagonal both are grouped equally well.

    Args:
        table: Columns number (of the setting, from 1), setting, seen and unseen.

    Raises:
        ValueError: If the table has no rows.
    """
    _check(table, ("number", "setting", "seen", "unseen"))
    numbers = [int(number) for number in _distinct(table["number"]) if number is not None]
    figure = Figure(figsize=(6.4, 5.6 + 0.25 * min(len(numbers), 12)), layout="constrained")
    axes = figure.add_subplot()
    for number in numbers:
        mine = _where(table, "number", number)
        seen, unseen = np.array(mine["seen"], dtype=float), np.array(mine["unseen"], dtype=float)
        style = cluster_style(number - 1)
        if len(seen) > 1:
            seaborn.scatterplot(x=seen, y=unseen, ax=axes, color=style.colour, s=14, alpha=0.7, legend=False)
        bars = {"xerr": seen.std(ddof=1), "yerr": unseen.std(ddof=1)} if len(seen) > 1 else {}
        axes.errorbar(seen.mean(), unseen.mean(), color=style.colour, elinewidth=1, capsize=2, **bars)
        label = f"{number}  {mine['setting'][0]}" if number <= 12 else None
        axes.scatter(
            seen.mean(), unseen.mean(), s=180, color=[style.colour], marker="o", edgecolors="0.3", zorder=3, label=label
        )
        axes.annotate(
            str(number), (seen.mean(), unseen.mean()), color=style.text_colour, ha="center", va="center", fontsize=8
        )
    ends = (min(*axes.get_xlim(), *axes.get_ylim()), max(*axes.get_xlim(), *axes.get_ylim()))
    axes.plot(ends, ends, color=ALONE_COLOUR, linewidth=0.8, linestyle="--", zorder=1)
    # One scale for both, so that the distance from the diagonal can be seen.
    axes.set(xlim=ends, ylim=ends, aspect="equal")
    axes.set(xlabel="ARI of products seen in training", ylabel="ARI of products never seen")
    axes.grid()
    _legend_below(figure, axes)
    return figure


def _draw_curves(axes: Axes, table: Table, settings: Sequence[Value]) -> None:
    for number, setting in reversed(list(enumerate(settings))):
        mine = _where(table, "setting", setting)
        if number < len(_LINE_HUES):
            look: dict[str, object] = {**_look(number), "label": setting, "zorder": 3}
        else:
            look = {"color": ALONE_COLOUR, "linewidth": 0.8, "zorder": 2, "marker": ".", "markersize": 4}
            look["label"] = "all others" if number == len(_LINE_HUES) else None
        seaborn.lineplot(x=mine["epoch"], y=mine["value"], errorbar="sd", err_kws={"alpha": 0.12}, ax=axes, **look)
    # Whole epochs alone, also where there is one of them.
    epochs = [float(epoch) for epoch in table["epoch"] if epoch is not None]
    axes.set_xlim(min(epochs) - 0.5, max(epochs) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid()


def _draw_level(axes: Axes, values: NDArray[np.float64], colour: Colour, group: str) -> None:
    mean, spread = float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else 0.0
    axes.axhline(mean, color=colour, linestyle="--", linewidth=1.5, label=f"{group} (no lambda)")
    axes.axhspan(mean - spread, mean + spread, color=colour, alpha=0.15, linewidth=0)


def _colour(number: int) -> Colour:
    """Return the colour of the line with a number, from 0 on."""
    return cluster_style(_LINE_HUES[number % len(_LINE_HUES)]).colour


def _look(number: int) -> dict[str, object]:
    """Return colour, marker and dashes of the line with a number, from 0 on."""
    place, lap = number % len(_LINE_HUES), number // len(_LINE_HUES)
    dashes = ("-", "--", ":")[lap % 3]
    return {"color": _colour(number), "marker": _LINE_MARKERS[place], "linestyle": dashes, "markersize": 5}


def _legend_below(figure: Figure, axes: Axes) -> None:
    """Move the legend under the axes, where it covers nothing, in the order of the settings."""
    handles, labels = axes.get_legend_handles_labels()
    for panel in figure.axes:
        legend = panel.get_legend()
        if legend is not None:
            legend.remove()
    order = sorted(range(len(labels)), key=lambda place: _natural(labels[place]))
    chosen, names = [handles[place] for place in order], [labels[place] for place in order]
    figure.legend(chosen, names, loc="outside lower left", frameon=False, fontsize=9, ncols=1)


def _natural(label: str) -> tuple[bool, int, str]:
    """Sort numbered labels by their number, others by name, and the others' line last."""
    first = label.split()[0]
    return label == "all others", int(first) if first.isdigit() else 0, label


def _distinct(values: Iterable[Value]) -> list[Value]:
    return list(dict.fromkeys(values))


def _where(table: Table, column: str, value: Value) -> dict[str, list[Value]]:
    rows = [row for row, item in enumerate(table[column]) if item == value]
    return {name: [items[row] for row in rows] for name, items in table.items()}


def _check(table: Table, columns: Sequence[str]) -> None:
    lengths = {name: len(table.get(name, ())) for name in columns}
    if min(lengths.values()) == 0 or len(set(lengths.values())) > 1:
        raise ValueError(f"every column needs the same number of rows, 1 or more, got {lengths}")
