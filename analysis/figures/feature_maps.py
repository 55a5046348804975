"""What the channels of a network see in a few crops."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import NDArray

_CELL_INCHES = 1.0
# Blank space before each layer, as a fraction of a cell.
_GAP = 0.25


def feature_maps_figure(
    images: NDArray[np.uint8],
    maps: Sequence[NDArray[np.floating]],
    layer_names: Sequence[str] | None = None,
    max_channels: int = 16,
) -> Figure:
    """Draw one row per crop: the crop, then every channel of every layer.

    All crops share a channel's scale, from its lowest to its highest value, so a column can be compared downwards.

    Args:
        images: Shape (n, h, w, 3), uint8.
        maps: One array per layer, shape (n, c, h', w'), finite.
        layer_names: Heading of each layer; "layer 1" and so on by default.
        max_channels: So many channels of a layer are shown, the first ones.

    Raises:
        ValueError: If there is no crop, or the shapes do not match.
    """
    _check(images, maps, layer_names)
    headings = layer_names or [f"layer {index + 1}" for index in range(len(maps))]
    shown = [layer[:, :max_channels] for layer in maps]
    widths, starts = _columns([layer.shape[1] for layer in shown])
    cell_height = _CELL_INCHES * images.shape[1] / images.shape[2]
    figure = Figure(
        figsize=(sum(widths) * _CELL_INCHES + 0.2, len(images) * cell_height + 0.6),
        dpi=100,
        layout=ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.02, wspace=0.0, hspace=0.0),
    )
    grid = figure.add_gridspec(len(images), len(widths), width_ratios=widths)
    for row, image in enumerate(images):
        axes = figure.add_subplot(grid[row, 0])
        _show(axes, image, image.shape)
        for layer, start, heading, full in zip(shown, starts, headings, maps, strict=True):
            for channel in range(layer.shape[1]):
                axes = figure.add_subplot(grid[row, start + channel])
                low, high = layer[:, channel].min(), layer[:, channel].max()
                # Stretched to the crop's shape, so that the same place is at the same place.
                _show(axes, layer[row, channel], image.shape, (low, max(high, low + 1e-12)))
                if row == 0:
                    axes.set_title(_heading(channel, heading, full.shape), fontsize=9, loc="left")
    return figure


def _columns(num_channels: list[int]) -> tuple[list[float], list[int]]:
    """Return the relative widths of all columns, a blank one before each layer, and the first column of each layer."""
    widths, starts = [1.0], []
    for count in num_channels:
        starts.append(len(widths) + 1)
        widths += [_GAP] + [1.0] * count
    return widths, starts


def _heading(channel: int, name: str, shape: tuple[int, ...]) -> str:
    """Name a column by the channel's number; above the first one the layer's name and the size of its maps."""
    return f"{name}: {shape[1]} maps of {shape[2]}x{shape[3]}\n{channel}" if channel == 0 else str(channel)


def _show(
    axes: Axes, picture: NDArray[np.generic], shape: tuple[int, ...], scale: tuple[float, float] | None = None
) -> None:
    low, high = scale or (None, None)
    axes.imshow(
        picture, cmap="viridis", vmin=low, vmax=high, extent=(0, shape[1], shape[0], 0), interpolation="nearest"
    )
    axes.set_axis_off()


def _check(images: NDArray[np.uint8], maps: Sequence[NDArray[np.floating]], layer_names: Sequence[str] | None) -> None:
    if images.ndim != 4 or images.shape[3] != 3 or len(images) == 0 or images.dtype != np.uint8:
        raise ValueError(f"images must be uint8 of shape (n, h, w, 3), n > 0, got {images.dtype} {images.shape}")
    for index, layer in enumerate(maps):
        if layer.ndim != 4 or len(layer) != len(images):
            raise ValueError(f"maps[{index}] must be of shape ({len(images)}, c, h, w), got {layer.shape}")
    if layer_names is not None and len(layer_names) != len(maps):
        raise ValueError(f"layer_names must name {len(maps)} layers, got {list(layer_names)}")
