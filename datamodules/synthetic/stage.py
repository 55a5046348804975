"""A canvas that remembers which package every pixel shows."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from datamodules.synthetic.arrangement import Placed

NOBODY = -1
# Clear pixels around a sprite, so that its edges stay smooth when it is turned.
BORDER = 2


class Sprite(NamedTuple):
    """A package's picture, premultiplied (mode RGBa) and with a clear border, and the mask of its shadow."""

    picture: Image.Image
    shadow: Image.Image


def make_sprite(picture: Image.Image) -> Sprite:
    """Prepare an RGBA picture of a package; its shadow has a border of 15 % at the sides, 6 % above and below."""
    framed = Image.new("RGBA", (picture.width + 2 * BORDER, picture.height + 2 * BORDER))
    framed.paste(picture, (BORDER, BORDER))
    small = picture.getchannel("A").resize((50, 100), Image.Resampling.BOX)
    mask = Image.new("L", (65, 112), 0)
    mask.paste(small.point(lambda value: int(0.62 * value)), (7, 6))
    return Sprite(framed.convert("RGBa"), mask.filter(ImageFilter.GaussianBlur(4)))


class Stage:
    """Paints packages and whatever hides them.

    Args:
        width: Pixels.
        height: Pixels.

    Attributes:
        canvas: The RGB picture so far.
        owners: Which package each pixel shows, shape (height, width); `NOBODY` where it shows none.
        corners: Per package its corners before anything hid it, as (x, y) clockwise from the upper left.
        areas: Per package its pixels before anything hid it.
        products: Per package its product.
    """

    def __init__(self, width: int, height: int) -> None:
        self.canvas = Image.new("RGB", (width, height))
        self.owners: NDArray[np.int32] = np.full((height, width), NOBODY, np.int32)
        self.corners: list[NDArray[np.float64]] = []
        self.areas: list[int] = []
        self.products: list[int] = []

    def add_package(self, sprite: Sprite, placed: Placed, slant: float) -> None:
        """Paint a package with its shadow.

        Args:
            sprite: How the package looks.
            placed: Where it stands and how.
            slant: How much brighter its left side is than its right side, as a fraction.
        """
        size = (max(2, round(placed.width)), max(2, round(placed.height)))
        picture = _relight(_turned(sprite.picture, size, placed.turn), placed.light, slant)
        left = round(placed.x - picture.width / 2)
        top = round(placed.foot - (picture.height + size[1]) / 2)
        if left >= self.canvas.width or left + picture.width <= 0 or top >= self.canvas.height:
            return
        self._add_shadow(sprite.shadow, size, left, top)
        self.canvas.paste(picture, (left, top), picture)
        covered = np.asarray(picture.getchannel("A")) > 127
        self._claim(covered, left, top, len(self.products))
        corners = turned_rectangle(size, placed.turn) + np.array(picture.size) / 2
        self.corners.append(corners + np.array([left, top]))
        self.areas.append(int(covered.sum()))
        self.products.append(placed.product)

    def add_cover(self, patch: Image.Image, left: int, top: int) -> None:
        """Paint something that is not a package over everything; (left, top) is its corner."""
        self.canvas.paste(patch, (left, top), patch)
        self._claim(np.asarray(patch.getchannel("A")) > 127, left, top, NOBODY)

    def cover_rows(self, top: int, bottom: int) -> None:
        """Note that a board was painted from `top` to `bottom`, exclusive."""
        self.owners[max(0, top) : max(0, bottom)] = NOBODY

    def _claim(self, covered: NDArray[np.bool_], left: int, top: int, owner: int) -> None:
        height, width = self.owners.shape
        x1, y1 = max(0, left), max(0, top)
        x2, y2 = min(width, left + covered.shape[1]), min(height, top + covered.shape[0])
        if x1 < x2 and y1 < y2:
            self.owners[y1:y2, x1:x2][covered[y1 - top : y2 - top, x1 - left : x2 - left]] = owner

    def _add_shadow(self, shadow: Image.Image, size: tuple[int, int], left: int, top: int) -> None:
        """Draw a soft shadow on what is behind the package, to its right and below."""
        grown = (round(size[0] * 1.3), round(size[1] * 1.12))
        mask = shadow.resize(grown, Image.Resampling.BILINEAR)
        shift = round(0.06 * size[0])
        place = (left - (grown[0] - size[0]) // 2 + shift, top - (grown[1] - size[1]) // 2 + shift // 3)
        self.canvas.paste((8, 8, 12), place, mask)


def turned_rectangle(size: tuple[int, int], turn: float) -> NDArray[np.float64]:
    """Return corners (x, y) around (0, 0), shape (4, 2), of a rectangle turned counter-clockwise by `turn` degrees."""
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * np.array(size) / 2
    cosine, sine = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    return corners @ np.array([(cosine, -sine), (sine, cosine)])


def _turned(picture: Image.Image, size: tuple[int, int], turn: float) -> Image.Image:
    """Scale the inside of a bordered picture to `size` and turn it, in a single resampling."""
    extent = np.ceil(2 * turned_rectangle(size, turn).max(axis=0)).astype(int) + 2
    scale = np.array([picture.width - 2 * BORDER, picture.height - 2 * BORDER]) / size
    cosine, sine = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    back = scale[:, None] * np.array([(cosine, -sine), (sine, cosine)])
    shift = np.array(picture.size) / 2 - back @ (extent / 2)
    rows = (*back[0], shift[0], *back[1], shift[1])
    return picture.transform(tuple(extent.tolist()), Image.Transform.AFFINE, rows, Image.Resampling.BILINEAR)


def _relight(picture: Image.Image, light: float, slant: float) -> Image.Image:
    """Change how bright a premultiplied package is, overall and from left to right; returns RGBA."""
    pixels = np.asarray(picture).astype(np.float32)
    ramp = light * (1 + slant * np.linspace(1, -1, picture.width, dtype=np.float32))
    # A premultiplied colour must not exceed its alpha.
    pixels[..., :3] = np.minimum(pixels[..., :3] * ramp[None, :, None], pixels[..., 3:])
    return Image.frombytes("RGBa", picture.size, pixels.astype(np.uint8).tobytes()).convert("RGBA")
