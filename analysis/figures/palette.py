"""One look per cluster: colours that colour-blind people can tell apart, and broken lines when they run out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.colors import to_rgb

# Okabe and Ito's set, without its black, ordered so that neighbours differ most; black and white are kept for outlines.
_HUES = ("#E69F00", "#0072B2", "#009E73", "#CC79A7", "#F0E442", "#56B4E9", "#D55E00")
# Fraction of white (positive) or black (negative) mixed in, in turn for each round through the hues.
_MIXES = (0.0, -0.4, 0.45)
# Then the line is broken: lengths of its strokes and gaps in widths of the line.
_DASHES: tuple[tuple[float, ...], ...] = ((), (4, 1.5), (1.5, 1.5), (6, 1.5, 1.5, 1.5), (9, 3), (4, 1, 1, 1, 1, 1))
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
NUM_STYLES = len(_HUES) * len(_MIXES) * len(_DASHES)
ALONE_COLOUR = (0.62, 0.62, 0.62)


@dataclass(frozen=True)
class ClusterStyle:
    """How one cluster is drawn.

    Attributes:
        colour: Red, green and blue in 0..1.
        text_colour: "black" or "white", whichever reads better on the colour.
        dashes: Lengths of strokes and gaps of an outline, in widths of the line; empty for a solid line.
        marker: Matplotlib marker, for points.
    """

    colour: tuple[float, float, float]
    text_colour: str
    dashes: tuple[float, ...]
    marker: str


def cluster_style(cluster: int) -> ClusterStyle:
    """Return the look of a cluster, always the same for the same number.

    Seven hues, then the same hues darker and lighter, then all of them with broken lines; 126 looks in all, after
    which they repeat. The marker changes with every seven. Always print the number as well.

    Args:
        cluster: Label of the cluster, 0 or more.

    Raises:
        ValueError: If the label is negative.

    References:
        Okabe and Ito, Color universal design: how to make figures that are friendly to colorblind people, 2008.
    """
    if cluster < 0:
        raise ValueError(f"cluster must be 0 or more, got {cluster}; items in no cluster are drawn in ALONE_COLOUR")
    hue, lap = cluster % len(_HUES), cluster // len(_HUES)
    mix, dashes = _MIXES[lap % len(_MIXES)], _DASHES[lap // len(_MIXES) % len(_DASHES)]
    red, green, blue = np.array(to_rgb(_HUES[hue])) * (1 - abs(mix)) + max(mix, 0.0)
    colour = (float(red), float(green), float(blue))
    return ClusterStyle(colour, _readable_on(colour), dashes, _MARKERS[lap % len(_MARKERS)])


def _readable_on(colour: tuple[float, float, float]) -> str:
    """Return black or white, whichever has the higher contrast on the colour (relative luminance of WCAG 2)."""
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in colour]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "white"
