"""Words on packages, in the one scalable font that comes with Pillow."""

from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from datamodules.synthetic.packages.palette import Colour


class Typeface(NamedTuple):
    """How a brand writes: stroke thickness as a fraction of the letter height, slant, and capitals or not."""

    weight: float
    slant: float
    capitals: bool


@lru_cache(maxsize=128)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the built-in font; no machine needs to have fonts of its own."""
    return ImageFont.load_default(size=size)


def write(text: str, width: int, height: int, colour: Colour, typeface: Typeface) -> Image.Image:
    """Write one line as large as fits.

    Args:
        text: The words.
        width: Largest width in pixels.
        height: Largest height in pixels.
        colour: Of the letters.
        typeface: How the brand writes.

    Returns:
        Letters on a clear ground, no larger than (width, height).
    """
    words = text.upper() if typeface.capitals else text
    size = max(6, height)
    stroke = round(size * typeface.weight)
    left, top, right, bottom = font(size).getbbox(words, stroke_width=stroke)
    lean = round(abs(typeface.slant) * (bottom - top))
    ink = Image.new("L", (max(1, round(right - left)) + lean, max(1, round(bottom - top))), 0)
    pen = ImageDraw.Draw(ink)
    pen.text((-left + (lean if typeface.slant < 0 else 0), -top), words, fill=255, font=font(size), stroke_width=stroke)
    if typeface.slant:
        shear = (1, typeface.slant, -lean if typeface.slant > 0 else 0, 0, 1, 0)
        ink = ink.transform(ink.size, Image.Transform.AFFINE, shear, Image.Resampling.BILINEAR)
    scale = min(width / ink.width, height / ink.height)
    ink = ink.resize((max(1, int(ink.width * scale)), max(1, int(ink.height * scale))), Image.Resampling.LANCZOS)
    letters = Image.new("RGBA", ink.size, (*colour, 0))
    letters.putalpha(ink)
    return letters
