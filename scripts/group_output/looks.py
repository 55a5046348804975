"""How a group looks on the page: its colours and, where colours repeat, its broken line."""

from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.colors import to_hex

from analysis.figures.palette import cluster_style
from scripts.group_output.page_photo import ALONE


@dataclass(frozen=True)
class Look:
    """How one group is drawn.

    Attributes:
        colour: Its colour.
        text_colour: Colour of text on it.
        dashes: Lengths of strokes and gaps of its outline in pixels, as SVG takes them; empty for a solid line.
    """

    colour: str
    text_colour: str
    dashes: str = ""


LINE = 2.5


def looks_of(styles: Mapping[int, int]) -> dict[int, Look]:
    """Return how each group looks, ALONE too, by number.

    Args:
        styles: Style of each group, by number.
    """
    return {**{group: _look_of(style) for group, style in styles.items()}, ALONE: Look("#8a8a86", "white")}


def _look_of(number: int) -> Look:
    style = cluster_style(number)
    dashes = " ".join(f"{LINE * length:g}" for length in style.dashes)
    return Look(to_hex(style.colour), style.text_colour, dashes)
