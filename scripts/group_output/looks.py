"""How a group looks on the page: its colours and, where colours repeat, its hatch, as HTML and SVG."""

from matplotlib.colors import to_hex

from analysis.figures.palette import cluster_style
from scripts.group_output.page_photo import ALONE

# A hatch of matplotlib as strokes of one tile of side 10, and the turn of the tiles.
_HATCHES = {
    "//": ("M5 0V10", 45),
    "\\\\": ("M5 0V10", -45),
    "||": ("M5 0V10", 0),
    "--": ("M5 0V10", 90),
    "xx": ("M5 0V10M0 5H10", 45),
    # A stroke without length and with round ends is a dot.
    "..": ("M5 5h0", 45),
}


def colours(group: int) -> str:
    """Returns a group's colour and the colour of text on it as a style attribute's content."""
    if group == ALONE:
        return ""
    style = cluster_style(group)
    return f"--colour:{to_hex(style.colour)};--on-colour:{style.text_colour}"


def is_hatched(group: int) -> bool:
    """Returns whether a group's areas are told from others of a like colour by a hatch."""
    return group != ALONE and bool(cluster_style(group).hatch)


def fill(group: int, prefix: str) -> str:
    """Returns what an area of a group is filled with, as an attribute.

    Args:
        group: The group's number.
        prefix: What the photo's pattern names begin with.
    """
    return f'fill="url(#{prefix}-hatch-{group})"' if is_hatched(group) else 'fill="var(--colour)"'


def pattern(group: int, prefix: str, tile: float) -> str:
    """Returns the pattern that `fill` refers to, or nothing for a group without hatch.

    Args:
        group: The group's number.
        prefix: What the photo's pattern names begin with.
        tile: Side of a tile in pixels of the photo.
    """
    if not is_hatched(group):
        return ""
    strokes, turn = _HATCHES[cluster_style(group).hatch]
    width = 3.2 if strokes.endswith("h0") else 1.8
    return (
        f'<pattern id="{prefix}-hatch-{group}" width="10" height="10" patternUnits="userSpaceOnUse" '
        f'patternTransform="scale({tile / 10:.4g}) rotate({turn})" style="{colours(group)}">'
        '<rect width="10" height="10" fill="var(--colour)" fill-opacity="0.45"/>'
        f'<path d="{strokes}" stroke="var(--colour)" stroke-width="{width}" stroke-linecap="round"/></pattern>'
    )
