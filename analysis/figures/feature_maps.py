"""What the channels of a network see in a few crops."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.figures.names import shortened, text_inches

_CELL_INCHES = 0.85
_GAP_INCHES = 0.02
_HEADING_INCHES = 0.48
_FONT_POINTS = 8
# Characters of a line and lines of a crop's name.
_NAME_WIDTH, _NAME_LINES = 16, 3


def feature_maps_figure(
    images: NDArray[np.uint8],
    maps: Sequence[NDArray[np.floating]],
    crop_names: Sequence[str] | None = None,
    max_channels: int = 12,
    title: str | None = None,
) -> Figure:
    """Draw a block per layer, and in it a row per crop: its name, the crop, and channels of the layer.

    All crops share a channel's scale, from its lowest to its highest value, so a column can be compared downwards.

    Args:
        images: Shape (n, h, w, 3), uint8.
        maps: One array per layer, shape (n, c, h', w'), finite.
        crop_names: What each crop is; "crop 1" and so on by default.
        max_channels: So many channels of a layer are shown, those of the largest spread.
        title: Printed above the figure.

    Raises:
        ValueError: If there is no crop, or the shapes do not match.
    """
    _check(images, maps, crop_names)
    named = crop_names or [f"crop {index + 1}" for index in range(len(images))]
    lines = [_in_lines(name) for name in shortened(named, _NAME_LINES * _NAME_WIDTH)]
    layers = maps or [np.zeros((len(images), 0, 1, 1))]
    cell_height = _CELL_INCHES * images.shape[1] / images.shape[2]
    block_height = _HEADING_INCHES + len(images) * (cell_height + _GAP_INCHES)
    columns = 1 + min(max_channels, max(layer.shape[1] for layer in layers))
    left = text_inches("\n".join(lines).split("\n"), _FONT_POINTS) + 0.3
    head = 0.3 if title else 0.0
    width, height = left + columns * (_CELL_INCHES + _GAP_INCHES), head + len(layers) * block_height
    figure = Figure(figsize=(width, height), dpi=100)
    if title:
        figure.text(0.1 / width, 1 - 0.2 / height, title, fontsize=11)
    for place, layer in enumerate(layers):
        top, chosen = height - head - place * block_height, _most_varied(layer, max_channels)
        figure.text(0.1 / width, (top - 0.18) / height, _heading(place, layer.shape, len(chosen)))
        for row, name in enumerate(lines):
            bottom = top - _HEADING_INCHES - row * (cell_height + _GAP_INCHES) - cell_height
            first, *others = _add_cells(figure, left, bottom, cell_height, 1 + len(chosen))
            _show(first, images[row], images.shape[1:])
            first.text(-0.1, 0.5, name, ha="right", va="center", fontsize=_FONT_POINTS, transform=first.transAxes)
            for axes, channel in zip(others, chosen, strict=True):
                low, high = layer[:, channel].min(), layer[:, channel].max()
                # Stretched to the crop's shape, so that the same place is at the same place.
                _show(axes, layer[row, channel], images.shape[1:], (low, max(high, low + 1e-12)))
                axes.set_title("" if row else str(channel), fontsize=_FONT_POINTS, pad=3)
    return figure


def _in_lines(name: str) -> str:
    """Return a name in a few lines, as much shorter as it must be for that."""
    lines: list[str] = []
    for longest in range(_NAME_LINES * _NAME_WIDTH, 3, -1):
        (short,) = shortened([name], longest)
        lines = textwrap.wrap(short.replace("/", "/ "), _NAME_WIDTH)
        if len(lines) <= _NAME_LINES:
            break
    return "\n".join(lines)


def _add_cells(figure: Figure, left: float, bottom: float, height: float, count: int) -> list[Axes]:
    """Add a row of axes at a place in inches; by hand, for a layout engine takes seconds for hundreds of axes."""
    whole_width, whole_height = figure.get_size_inches()
    starts = [left + column * (_CELL_INCHES + _GAP_INCHES) for column in range(count)]
    size = (_CELL_INCHES / whole_width, height / whole_height)
    return [figure.add_axes((start / whole_width, bottom / whole_height, *size)) for start in starts]


def _most_varied(layer: NDArray[np.floating], count: int) -> list[int]:
    """Return the channels of the largest standard deviation over crops and places, in their order."""
    spread = layer.std(axis=(0, 2, 3))
    return sorted(np.argsort(-spread, kind="stable")[:count].tolist())


def _heading(place: int, shape: tuple[int, ...], shown: int) -> str:
    chosen = f", the {shown} that vary most" if shown < shape[1] else ""
    return f"layer {place + 1}: {shape[1]} maps of {shape[2]}x{shape[3]}{chosen}" if shape[1] else ""


def _show(
    axes: Axes, picture: NDArray[np.generic], shape: tuple[int, ...], scale: tuple[float, float] | None = None
) -> None:
    low, high = scale or (None, None)
    axes.imshow(
        picture, cmap="viridis", vmin=low, vmax=high, extent=(0, shape[1], shape[0], 0), interpolation="nearest"
    )
    axes.set_axis_off()


def _check(images: NDArray[np.uint8], maps: Sequence[NDArray[np.floating]], names: Sequence[str] | None) -> None:
    if images.ndim != 4 or images.shape[3] != 3 or len(images) == 0 or images.dtype != np.uint8:
        raise ValueError(f"images must be uint8 of shape (n, h, w, 3), n > 0, got {images.dtype} {images.shape}")
    for index, layer in enumerate(maps):
        if layer.ndim != 4 or len(layer) != len(images):
            raise ValueError(f"maps[{index}] must be of shape ({len(images)}, c, h, w), got {layer.shape}")
    if names is not None and len(names) != len(images):
        raise ValueError(f"crop_names must name {len(images)} crops, got {list(names)}")
