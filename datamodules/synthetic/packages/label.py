"""The printed front of a package: ground, brand name, picture, the product's word, and its amount."""

import math
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image, ImageDraw

from datamodules.synthetic.packages.catalogue import Brand, Product
from datamodules.synthetic.packages.glyphs import draw_glyph
from datamodules.synthetic.packages.lettering import write
from datamodules.synthetic.packages.palette import WHITE, Colour, ink_on, mix, readable


class Sheet(NamedTuple):
    """A label while it is being printed; all places on it are fractions of its width and height."""

    picture: Image.Image
    pen: ImageDraw.ImageDraw
    brand: Brand
    product: Product

    def at(self, *places: float) -> list[float]:
        """Return pixels for x, y, x, y, ..."""
        return [place * self.picture.size[i % 2] for i, place in enumerate(places)]

    def room(self, width: float, height: float) -> tuple[int, int]:
        """Return pixels for a width and a height."""
        return int(width * self.picture.width), int(height * self.picture.height)

    def put(self, patch: Image.Image, x: float, y: float) -> None:
        """Paste a patch with its middle at (x, y)."""
        left, top = self.at(x, y)
        self.picture.paste(patch, (round(left - patch.width / 2), round(top - patch.height / 2)), patch)

    def logo(self, x: float, y: float, width: float, height: float, ground: Colour) -> None:
        """Write the brand's name in its second colour, or in what can be read on the ground."""
        colour = readable(self.brand.scheme.second, ground)
        self.put(write(self.brand.name, *self.room(width, height), colour, self.brand.typeface), x, y)

    def glyph(self, x: float, y: float, width: float, height: float = 0.38) -> None:
        """Draw the product's picture, no wider and no higher than the given fractions of the label."""
        side = min(self.room(width, height))
        self.put(draw_glyph(self.product.picture, side, self.brand.fruit), x, y)

    def word(self, x: float, y: float, width: float, height: float, ground: Colour) -> None:
        """Write the word that names this product among its brand's."""
        plain = self.brand.typeface._replace(slant=0.0, capitals=True, weight=0.05)
        self.put(write(self.product.word, *self.room(width, height), ink_on(ground), plain), x, y)

    def amount(self, x: float, y: float, width: float, ground: Colour) -> None:
        """Write how much is in the package."""
        plain = self.brand.typeface._replace(slant=0.0, capitals=False, weight=0.03)
        self.put(write(self.product.amount, *self.room(width, 0.07), ink_on(ground), plain), x, y)


def _arch(sheet: Sheet) -> None:
    """Draw a light arch with the picture, the word on a strip below it."""
    panel = mix(sheet.brand.scheme.second, WHITE, 0.72)
    radius = min(sheet.room(0.4, 0.3))
    sheet.pen.rounded_rectangle(sheet.at(0.1, 0.25, 0.9, 1.6), radius, panel, sheet.brand.scheme.second, width=4)
    sheet.pen.rectangle(sheet.at(0, 0.7, 1, 0.88), fill=sheet.product.accent)
    sheet.pen.rectangle(sheet.at(0, 0.685, 1, 0.7), fill=WHITE)
    sheet.logo(0.5, 0.135, 0.84, 0.15, sheet.brand.scheme.base)
    sheet.glyph(0.5, 0.475, 0.54)
    sheet.word(0.5, 0.79, 0.8, 0.115, sheet.product.accent)
    sheet.amount(0.5, 0.94, 0.4, panel)


def _band(sheet: Sheet) -> None:
    """Draw a slanted band across, the picture above it."""
    second, accent = sheet.brand.scheme.second, sheet.product.accent
    sheet.pen.polygon(sheet.at(0, 0.56, 1, 0.46, 1, 0.8, 0, 0.9), fill=second)
    sheet.pen.polygon(sheet.at(0, 0.61, 1, 0.51, 1, 0.75, 0, 0.85), fill=accent)
    sheet.logo(0.5, 0.12, 0.86, 0.16, sheet.brand.scheme.base)
    sheet.glyph(0.5, 0.37, 0.5)
    sheet.word(0.5, 0.68, 0.8, 0.12, accent)
    sheet.amount(0.76, 0.93, 0.36, sheet.brand.scheme.base)


def _wave(sheet: Sheet) -> None:
    """Draw the lower part in the second colour under a wave; the brand's name lies across the wave."""
    second, accent = sheet.brand.scheme.second, sheet.product.accent
    crest = [(x / 40, 0.42 + 0.06 * math.sin(x / 40 * 2 * math.pi)) for x in range(41)]
    for colour, drop in ((accent, 0.0), (second, 0.06)):
        outline = [place for x, y in crest for place in (x, y + drop)]
        sheet.pen.polygon(sheet.at(*outline, 1, 1, 0, 1), fill=colour)
    sheet.logo(0.5, 0.2, 0.88, 0.19, sheet.brand.scheme.base)
    sheet.pen.ellipse(sheet.at(0.22, 0.41, 0.78, 0.75), fill=mix(second, WHITE, 0.85))
    sheet.glyph(0.5, 0.58, 0.42)
    sheet.pen.rounded_rectangle(sheet.at(0.1, 0.78, 0.9, 0.91), radius=12, fill=accent, outline=WHITE, width=3)
    sheet.word(0.5, 0.845, 0.66, 0.09, accent)
    sheet.amount(0.5, 0.96, 0.36, second)


def _stripes(sheet: Sheet) -> None:
    """Draw fine stripes with a framed plate that carries everything."""
    base, accent = sheet.brand.scheme.base, sheet.product.accent
    for step in range(0, 20, 2):
        sheet.pen.rectangle(sheet.at(step / 20, 0, (step + 1) / 20, 1), fill=mix(base, sheet.brand.scheme.second, 0.28))
    plate = mix(base, WHITE, 0.86)
    sheet.pen.rounded_rectangle(sheet.at(0.09, 0.07, 0.91, 0.93), radius=22, fill=plate, outline=accent, width=9)
    sheet.logo(0.5, 0.19, 0.68, 0.13, plate)
    sheet.pen.line(sheet.at(0.2, 0.285, 0.8, 0.285), fill=accent, width=4)
    sheet.glyph(0.5, 0.48, 0.48)
    sheet.pen.rectangle(sheet.at(0.09, 0.67, 0.91, 0.81), fill=accent)
    sheet.word(0.5, 0.74, 0.62, 0.1, accent)
    sheet.amount(0.5, 0.86, 0.34, plate)


def _medallion(sheet: Sheet) -> None:
    """Draw the picture in a round medal, the brand's name large below it."""
    width, height = sheet.picture.size
    round_to, size = width / height, min(1.0, 0.8 * height / width)
    disc = mix(sheet.brand.scheme.second, WHITE, 0.78)
    for half, colour in ((0.36 * size, sheet.product.accent), (0.3 * size, disc)):
        sheet.pen.ellipse(sheet.at(0.5 - half, 0.33 - half * round_to, 0.5 + half, 0.33 + half * round_to), fill=colour)
    sheet.glyph(0.5, 0.33, 0.42)
    sheet.logo(0.5, 0.68, 0.9, 0.16, sheet.brand.scheme.base)
    sheet.pen.rectangle(sheet.at(0, 0.79, 1, 0.93), fill=sheet.brand.scheme.second)
    sheet.word(0.5, 0.86, 0.78, 0.095, sheet.brand.scheme.second)
    sheet.amount(0.82, 0.06, 0.3, sheet.brand.scheme.base)


def _corner(sheet: Sheet) -> None:
    """Draw the brand's name upright in a side panel, a coloured corner for the word."""
    second, accent = sheet.brand.scheme.second, sheet.product.accent
    sheet.pen.rectangle(sheet.at(0, 0, 0.3, 1), fill=second)
    sheet.pen.rectangle(sheet.at(0.3, 0, 0.325, 1), fill=WHITE)
    sheet.pen.polygon(sheet.at(0.325, 0.72, 1, 0.62, 1, 0.88, 0.325, 0.88), fill=accent)
    width, height = sheet.room(0.2, 0.86)
    name = write(sheet.brand.name, height, width, readable(sheet.brand.scheme.base, second), sheet.brand.typeface)
    sheet.put(name.rotate(90, expand=True), 0.15, 0.5)
    sheet.glyph(0.66, 0.34, 0.52)
    sheet.word(0.66, 0.785, 0.56, 0.12, accent)
    sheet.amount(0.66, 0.94, 0.34, sheet.brand.scheme.base)


def _wide(sheet: Sheet) -> None:
    """Draw a label of low packages: the picture at the right, brand and word at the left."""
    accent, panel = sheet.product.accent, mix(sheet.brand.scheme.second, WHITE, 0.75)
    sheet.pen.rectangle(sheet.at(0, 0.55, 0.7, 0.87), fill=accent)
    sheet.pen.ellipse(sheet.at(0.51, -0.1, 1.2, 1.1), fill=panel, outline=WHITE, width=6)
    sheet.logo(0.31, 0.3, 0.42, 0.32, sheet.brand.scheme.base)
    sheet.word(0.3, 0.71, 0.36, 0.22, accent)
    sheet.glyph(0.73, 0.47, 0.36, 0.74)
    sheet.amount(0.73, 0.92, 0.2, panel)


LAYOUT_PRINTERS: dict[str, Callable[[Sheet], None]] = {
    "arch": _arch, "band": _band, "wave": _wave, "stripes": _stripes, "medallion": _medallion, "corner": _corner,
}  # fmt: skip


def print_label(brand: Brand, product: Product, width: int, height: int) -> Image.Image:
    """Print the front of a package, flat; returns an RGB picture of the given size in pixels."""
    picture = Image.new("RGB", (width, height), brand.scheme.base)
    sheet = Sheet(picture, ImageDraw.Draw(picture), brand, product)
    printer = _wide if brand.form == "tub" else LAYOUT_PRINTERS[brand.layout]
    printer(sheet)
    return picture
