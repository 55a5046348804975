"""Embeddings drawn on a plane."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from analysis.clustering.distance import check_embeddings
from analysis.figures.names import shortened, text_inches
from analysis.figures.palette import ALONE_COLOUR, cluster_style

_FEWEST_ROWS = 4
# A longer legend than of so many classes is not read.
_MOST_NAMED = 90
# Characters of a name: two columns of such names are as wide as the map.
_LONGEST_NAME = 44
_MAP_INCHES = 9.0
_FONT_POINTS = 9


def embedding_map_figure(
    embeddings: ArrayLike,
    labels: ArrayLike,
    names: Sequence[str] | None = None,
    seed: int = 0,
    max_points: int = 3000,
) -> Figure:
    """Draw a t-SNE map of embeddings by cosine distance, coloured by label.

    Args:
        embeddings: Shape (n, d), finite.
        labels: Shape (n,), class or cluster of each row, negative for none (grey).
        names: Name of each label from 0 on, for the legend below the map, where a long one is shortened; the label
            itself by default.
        seed: Of the t-SNE, and of the choice of points.
        max_points: At most so many rows are drawn, chosen at random, because t-SNE is slow on many.

    Raises:
        ValueError: If the shapes do not match, or a label has no name.

    References:
        van der Maaten and Hinton, Visualizing data using t-SNE, 2008.
    """
    rows, classes = check_embeddings(embeddings), np.asarray(labels)
    _check(rows, classes, names)
    num_rows = len(rows)
    if num_rows > max_points:
        chosen = np.random.default_rng(seed).choice(num_rows, max_points, replace=False)
        rows, classes = rows[chosen], classes[chosen]
    present = np.unique(classes)
    figure = Figure(figsize=(_MAP_INCHES, _MAP_INCHES), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    # The map's own units mean nothing.
    axes.set(xticks=[], yticks=[], title=_title(len(rows), num_rows, len(present)))
    axes.spines[:].set_color("0.8")
    if len(rows) == 0:
        return figure
    _draw_points(axes, _project(rows, seed), classes, names)
    _add_legend(figure, axes)
    return figure


def _add_legend(figure: Figure, axes: Axes) -> None:
    """Put the legend below the map, in as many columns as its width holds, and make the figure longer by it."""
    handles, texts = axes.get_legend_handles_labels()
    # Beside each text there are its mark and two gaps, about four letters wide.
    width = text_inches(texts, _FONT_POINTS) + 4.5 * _FONT_POINTS / 72
    columns = max(1, min(int(_MAP_INCHES / width), len(texts)))
    rows = -(-len(texts) // columns)
    figure.set_size_inches(_MAP_INCHES, _MAP_INCHES + (1.5 * _FONT_POINTS * rows + 12) / 72)
    look = {"ncols": columns, "frameon": False, "fontsize": _FONT_POINTS, "markerscale": 1.5}
    figure.legend(handles, texts, loc="outside lower left", **look)


def _title(num_drawn: int, num_rows: int, num_labels: int) -> str:
    if num_drawn < _FEWEST_ROWS:
        return f"{num_drawn} embeddings: too few for a map"
    chosen = f", chosen from {num_rows}" if num_drawn < num_rows else ""
    named = f"; the {_MOST_NAMED} largest of {num_labels} classes are named" if num_labels > _MOST_NAMED else ""
    return f"t-SNE of {num_drawn} embeddings{chosen}{named}"


def _project(rows: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Return coordinates in the plane, shape (n, 2)."""
    num_rows = len(rows)
    if num_rows < _FEWEST_ROWS:
        # Too few for neighbourhoods: evenly on a circle says no more than is known.
        angles = 2 * math.pi * np.arange(num_rows) / num_rows
        return np.column_stack([np.cos(angles), np.sin(angles)])
    # Imported late: it takes a second, and is needed only where a map is drawn.
    from sklearn.manifold import TSNE

    # A fifth of the points is the most that still tells near from far; 30 is the usual value.
    perplexity = min(30.0, max(1.0, (num_rows - 1) / 5))
    # A random start, because the principal components of equal rows do not exist.
    model = TSNE(perplexity=perplexity, metric="cosine", init="random", learning_rate="auto", random_state=seed)
    # The threads meet a thousand times; beside other busy processes they wait for each other far longer than they work.
    with threadpool_limits(limits=1):
        return np.asarray(model.fit_transform(rows), dtype=np.float64)


def _draw_points(
    axes: Axes, places: NDArray[np.float64], labels: NDArray[np.int64], names: Sequence[str] | None
) -> None:
    # Fewer points are drawn larger.
    size = float(np.clip(12000 / len(labels), 14, 60))
    alone = labels < 0
    if alone.any():
        axes.scatter(
            places[alone, 0],
            places[alone, 1],
            s=0.6 * size,
            color=[ALONE_COLOUR],
            marker=".",
            label=f"none ({alone.sum()})",
        )
    classes, counts = np.unique(labels[~alone], return_counts=True)
    short = shortened(names or (), _LONGEST_NAME)
    named = set(classes[np.argsort(-counts, kind="stable")[:_MOST_NAMED]].tolist())
    for label in classes:
        style, mine = cluster_style(int(label)), places[labels == label]
        name = str(label) if names is None else f"{label}  {short[label]}"
        axes.scatter(
            mine[:, 0],
            mine[:, 1],
            s=size,
            color=[style.colour],
            marker=style.marker,
            linewidths=0.4,
            edgecolors="0.25",
            label=f"{name} ({len(mine)})" if label in named else None,
        )
    _draw_numbers(axes, {label: places[labels == label] for label in named})


def _draw_numbers(axes: Axes, classes: Mapping[int, NDArray[np.float64]]) -> None:
    """Print the labels beside the cores of their classes, those of large ones first, each where none stands yet."""
    # The axes fill the figure up to its margins.
    point = np.ptp(np.array([axes.get_xlim(), axes.get_ylim()]), axis=1) / (72 * _MAP_INCHES)
    taken = np.zeros((0, 2)), np.zeros((0, 2))
    for label in sorted(classes, key=lambda label: (-len(classes[label]), label)):
        size = np.array([0.7 * len(str(label)) + 0.8, 1.7]) * _FONT_POINTS * point
        low, high = _core(classes[label])
        middle, gap = (low + high) / 2, (size / 2 + 5 * point)
        sides = ((middle[0], high[1] + gap[1]), (middle[0], low[1] - gap[1]),
                 (high[0] + gap[0], middle[1]), (low[0] - gap[0], middle[1]))  # fmt: skip
        free = (at for at in sides if not (abs(taken[0] - at) < (taken[1] + size) / 2).all(axis=1).any())
        # Where there is no room the class keeps its colour and mark, which the legend explains.
        if (at := next(free, None)) is not None:
            taken = np.vstack([taken[0], at]), np.vstack([taken[1], size])
            _draw_number(axes, label, at)


def _core(places: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower left and upper right corner of a class's core: the half nearest to its middle member."""
    to_median = np.linalg.norm(places - np.median(places, axis=0), axis=1)
    to_middle = np.linalg.norm(places - places[np.argmin(to_median)], axis=1)
    core = places[to_middle <= np.median(to_middle)]
    return core.min(axis=0), core.max(axis=0)


def _draw_number(axes: Axes, label: int, place: tuple[float, float]) -> None:
    style = cluster_style(label)
    axes.annotate(
        str(label),
        place,
        ha="center",
        va="center_baseline",
        fontsize=_FONT_POINTS,
        fontweight="bold",
        color=style.text_colour,
        bbox={"boxstyle": "round,pad=0.2", "facecolor": style.colour, "edgecolor": style.text_colour, "alpha": 0.85},
    )


def _check(rows: NDArray[np.float64], labels: NDArray[np.int64], names: Sequence[str] | None) -> None:
    if labels.shape != (len(rows),):
        raise ValueError(f"embeddings and labels must be of one number, got {len(rows)} and shape {labels.shape}")
    highest = int(labels.max(initial=-1))
    if names is not None and highest >= len(names):
        raise ValueError(f"names must hold a name for label {highest}, got {len(names)} names")
