"""How a group looks on the page: its colours and, where colours repeat, its hatch."""

from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.colors import to_hex

from analysis.figures.palette import cluster_style
from scripts.group_output.page_photo import ALONE


@dataclass(frozen=True)
class Hatch:
    """A hatch as a tile that is repeated.

    Attributes:
        strokes: SVG path in a tile of side 10.
        turn: Turn of the tiles in degrees.
        width: Width of the strokes.
    """

    strokes: str
    turn: int
    width: float = 1.8


@dataclass(frozen=True)
class Look:
    """How one group is drawn.

    Attributes:
        colour: Its colour.
        text_colour: Colour of text on it.
        hatch: Tells its areas from others of a similar colour; None for the first groups.
    """

    colour: str
    text_colour: str
    hatch: Hatch | None = None


# By the hatch's name in matplotlib. A stroke without length and with round ends is a dot.
_HATCHES = {
    "//": Hatch("M5 0V10", 45),
    "\\\\": Hatch("M5 0V10", -45),
    "||": Hatch("M5 0V10", 0),
    "--": Hatch("M5 0V10", 90),
    "xx": Hatch("M5 0V10M0 5H10", 45),
    "..": Hatch("M5 5h0", 45, width=3.2),
}


def looks_of(groups: Iterable[int]) -> dict[int, Look]:
    """Return how each group looks, by number."""
    return {group: _look_of(group) for group in groups}


def _look_of(group: int) -> Look:
    if group == ALONE:
        return Look("#8a8a86", "white")
    style = cluster_style(group)
    return Look(to_hex(style.colour), style.text_colour, _HATCHES.get(style.hatch))
