"""The shelf itself: back wall, boards, price rails and price tags."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from datamodules.synthetic.packages.lettering import Typeface, write
from datamodules.synthetic.packages.palette import BLACK, Colour, mix


class Fittings(NamedTuple):
    """Colours of one shop's shelves."""

    wall: Colour
    board: Colour
    rail: Colour
    tag: Colour


FITTINGS: tuple[Fittings, ...] = (
    Fittings((92, 90, 88), (226, 225, 220), (204, 204, 202), (252, 250, 240)),
    Fittings((66, 68, 74), (188, 190, 194), (70, 74, 82), (252, 250, 240)),
    Fittings((104, 88, 70), (202, 164, 116), (160, 118, 74), (250, 246, 232)),
    Fittings((84, 92, 96), (236, 236, 234), (190, 36, 42), (254, 240, 120)),
    Fittings((58, 52, 50), (120, 92, 66), (66, 56, 50), (246, 242, 230)),
)
TAG_TYPE = Typeface(0.06, 0.0, True)


def paint_bay(canvas: Image.Image, top: int, bottom: int, fittings: Fittings) -> None:
    """Paint the back wall between two boards: dark under the upper board, with rows of small holes.

    Args:
        canvas: RGB picture to paint on.
        top: Lower edge of the board above, in pixels.
        bottom: Surface of the board below, in pixels.
        fittings: The colours.
    """
    height = max(1, bottom - top)
    depth = np.linspace(0, 1, height, dtype=np.float32)
    shade = 0.34 + 0.5 * np.clip(depth * 1.6, 0, 1) ** 0.8
    rows = shade[:, None, None] * np.asarray(fittings.wall, np.float32)
    pixels = np.broadcast_to(rows, (height, canvas.width, 3)).copy()
    pitch = max(8, canvas.height // 60)
    columns, lines = np.arange(canvas.width) % pitch < pitch // 5, np.arange(height) % pitch < pitch // 5
    pixels[np.ix_(lines, columns)] *= 0.55
    canvas.paste(Image.fromarray(pixels.astype(np.uint8)), (0, top))


def paint_board(canvas: Image.Image, y: int, depth: int, front: int, fittings: Fittings) -> None:
    """Paint a board: its surface seen from a little above, then its front edge with a rail.

    Args:
        canvas: RGB picture to paint on.
        y: Upper edge of the visible surface, in pixels.
        depth: Height of the visible surface.
        front: Height of the front edge.
        fittings: The colours.
    """
    surface = _ramp(fittings.board, np.linspace(0.35, 0.95, depth), canvas.width)
    edge = np.concatenate([[1.12, 1.08], np.linspace(1.0, 0.84, max(1, front - 4)), [0.6, 0.5]])
    canvas.paste(surface, (0, y))
    canvas.paste(_ramp(fittings.rail, edge, canvas.width), (0, y + depth))
    pen = ImageDraw.Draw(canvas)
    lip = y + depth + front - max(3, front // 6)
    pen.line((0, lip, canvas.width, lip), fill=mix(fittings.rail, BLACK, 0.35), width=max(1, front // 16))


def _ramp(colour: Colour, shades: NDArray[np.floating], width: int) -> Image.Image:
    """Return a strip of one colour whose brightness changes from top to bottom."""
    column = np.clip(shades[:, None] * np.asarray(colour, np.float32), 0, 255).astype(np.uint8)
    return Image.fromarray(np.repeat(column[:, None, :], width, axis=1))


def paint_tag(
    canvas: Image.Image, x: int, y: int, height: int, fittings: Fittings, generator: np.random.Generator
) -> None:
    """Hang a price tag with a price, a bar code and two lines of small print; (x, y) is its upper left corner."""
    width = round(height * float(generator.uniform(1.5, 2.0)))
    tag = Image.new("RGB", (width, height), fittings.tag)
    pen = ImageDraw.Draw(tag)
    amount = f"{generator.integers(0, 9)}.{generator.integers(10, 100)}"
    price = write(amount, int(0.5 * width), int(0.55 * height), BLACK, TAG_TYPE)
    tag.paste(price, (int(0.44 * width), int(0.34 * height)), price)
    for line in (0.12, 0.24):
        end = generator.uniform(0.5, 0.9) * width
        pen.line((0.07 * width, line * height, end, line * height), fill=(120, 118, 116))
    for bar in np.flatnonzero(generator.random(max(1, int(0.3 * width))) < 0.5):
        pen.line((0.07 * width + bar, 0.42 * height, 0.07 * width + bar, 0.85 * height), fill=(60, 58, 60))
    pen.rectangle((0, 0, width - 1, height - 1), outline=mix(fittings.tag, BLACK, 0.3))
    canvas.paste(tag, (x, y))
