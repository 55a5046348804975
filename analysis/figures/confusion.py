"""Which class is taken for which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from analysis.figures.names import shortened, text_inches

# Above this the cells are too small for a number.
_MAX_ANNOTATED = 30
_LONGEST_NAME = 36


def confusion_figure(truth: ArrayLike, predicted: ArrayLike, names: Sequence[str]) -> Figure:
    """Draw the confusion matrix, each row as shares of the true class.

    Args:
        truth: Shape (n,), true class of each item, 0..len(names)-1.
        predicted: Shape (n,), predicted class of each item, 0..len(names)-1.
        names: Name of each class, a long one shortened; the number of items is printed behind it.

    Raises:
        ValueError: If a class has no name, or the shapes do not match.
    """
    counts = _count(np.asarray(truth), np.asarray(predicted), len(names))
    totals = counts.sum(axis=1, keepdims=True)
    # A class without items has no shares; its row stays empty.
    shares = np.divide(counts, totals, out=np.full(counts.shape, np.nan), where=totals > 0)
    num_classes = len(names)
    side = float(np.clip(0.36 * num_classes, 4.0, 14.0))
    font = float(np.clip(1.15 * side * 72 / max(num_classes, 1) / 2.2, 5.0, 10.0))
    short = shortened(names, _LONGEST_NAME)
    room = text_inches(short, font)
    figure = Figure(figsize=(side + room + 2.3, side + room + 0.9), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    # The root lifts the few wrong ones among many right ones into sight.
    image = axes.imshow(np.ma.masked_invalid(shares), cmap="Blues", norm=PowerNorm(0.5, vmin=0, vmax=1))
    axes.set_facecolor("0.93")
    _label_axes(axes, short, totals[:, 0], font)
    if num_classes <= _MAX_ANNOTATED:
        _annotate(axes, shares, font=float(np.clip(0.34 * side * 72 / max(num_classes, 1), 5.0, 11.0)))
    accuracy = np.trace(counts) / max(counts.sum(), 1)
    axes.set_title(f"{int(counts.sum())} items, {100 * accuracy:.1f} % right; rows sum to 100 %")
    bar = figure.colorbar(image, ax=axes, shrink=0.6, aspect=30, ticks=[0, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0])
    bar.ax.set_yticklabels(["0", "1 %", "5 %", "10 %", "25 %", "50 %", "100 %"])
    return figure


def _count(truth: NDArray[np.int64], predicted: NDArray[np.int64], num_classes: int) -> NDArray[np.float64]:
    """Count the items per true class (row) and predicted class (column)."""
    if truth.ndim != 1 or truth.shape != predicted.shape:
        raise ValueError(f"truth and predicted must be of one shape (n,), got {truth.shape} and {predicted.shape}")
    for what, labels in (("truth", truth), ("predicted", predicted)):
        unnamed = labels[(labels < 0) | (labels >= num_classes)]
        if unnamed.size:
            raise ValueError(f"{what} must hold classes 0..{num_classes - 1}, one per name, got {unnamed[0]}")
    counts = np.zeros((num_classes, num_classes))
    np.add.at(counts, (truth.astype(int), predicted.astype(int)), 1)
    return counts


def _label_axes(axes: Axes, names: Sequence[str], totals: NDArray[np.float64], font: float) -> None:
    places = np.arange(len(names))
    axes.set_xticks(places, list(names), rotation=90, fontsize=font)
    axes.set_yticks(
        places, [f"{name} ({int(total)})" for name, total in zip(names, totals, strict=True)], fontsize=font
    )
    axes.set_xlabel("predicted")
    axes.set_ylabel("true (items)")
    # Light lines between the cells lead the eye from a cell to its names.
    axes.set_xticks(places[1:] - 0.5, minor=True)
    axes.set_yticks(places[1:] - 0.5, minor=True)
    axes.grid(which="minor", color="0.85", linewidth=0.4)
    axes.tick_params(which="minor", length=0)


def _annotate(axes: Axes, shares: NDArray[np.float64], font: float) -> None:
    """Print each share in percent, nothing where there is none."""
    for row, column in np.argwhere(np.nan_to_num(shares) > 0):
        share = shares[row, column]
        text = f"{100 * share:.0f}" if share >= 0.01 else "<1"
        axes.text(column, row, text, ha="center", va="center", fontsize=font, color="white" if share > 0.3 else "black")
