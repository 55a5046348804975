"""Differences between two sides with their intervals, one below the other."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

from analysis.claims.difference import Difference
from analysis.figures.palette import cluster_style

# Inches of a line.
LINE = 0.24


def differences_figure(groups: Mapping[str, Mapping[str, Difference]], worth: float, title: str) -> Figure:
    """Draw each difference as a mark with its 95 % interval, those of one comparison in one colour and shape.

    Args:
        groups: Differences of each comparison, by what they were measured on.
        worth: Smallest difference that matters; the band of less is grey.
        title: Stands above.

    Raises:
        ValueError: If there is nothing to draw.
    """
    lines = [(number, name, label, item) for number, name in enumerate(groups) for label, item in groups[name].items()]
    if not lines:
        raise ValueError("groups must hold a difference")
    figure = Figure(figsize=(7.2, 1.3 + LINE * (len(lines) + len(groups))), layout="constrained")
    axes = figure.add_subplot()
    axes.axvspan(-worth, worth, color="0.9", zorder=0)
    axes.axvline(0, color="0.4", linewidth=0.8, zorder=1)
    places = [row + number for row, (number, *_) in enumerate(lines)]
    for place, (number, name, label, item) in zip(places, lines, strict=True):
        style, first = cluster_style(number + 1), label == next(iter(groups[name]))
        low, high = item.interval or (item.mean, item.mean)
        bars, marker = [[item.mean - low], [high - item.mean]], "osD^"[number % 4]
        axes.errorbar(item.mean, place, xerr=bars, color=style.colour, marker=marker, capsize=3)
        if first:
            axes.text(
                0.01, place - 0.75, name, transform=axes.get_yaxis_transform(), fontsize=9, color="0.2", va="center"
            )
    axes.set_yticks(places, [f"{label}, n={item.photos}" for _, _, label, item in lines])
    axes.set(ylim=(max(places) + 0.6, -1.2), xlabel="difference, 95 % interval over photos; grey: too small to matter")
    axes.set_title(title, loc="left", fontsize=10, wrap=True)
    axes.grid(axis="x", color="0.92")
    axes.set_axisbelow(True)
    return figure
