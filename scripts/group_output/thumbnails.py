"""A photo and its crops as pictures of a page, small enough that the page can be sent by mail."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from scripts.pages.data_uri import jpeg_uri

PHOTO_SIDE = 1600
# This leaves room for the thumbnails of a full shelf in a page of one megabyte.
PHOTO_CHARACTERS = 586_700
_QUALITIES = (84, 78, 72, 64, 56, 44)
# Twice the size it is shown at, for screens with fine pixels.
THUMBNAIL_SIDE = 112
_THUMBNAIL_QUALITY = 64


@dataclass(frozen=True)
class Thumbnail:
    """A small picture.

    Attributes:
        source: The picture as a data URI.
        width: Width to show it at.
        height: Height to show it at.
    """

    source: str
    width: int
    height: int


def photo_uri(picture: Image.Image) -> str:
    """Return a photo for looking at, in the best quality that keeps the page light."""
    small = fitted(picture, PHOTO_SIDE)
    for quality in _QUALITIES:
        uri = jpeg_uri(small, quality, progressive=True)
        if len(uri) <= PHOTO_CHARACTERS:
            break
    return uri


def thumbnail(picture: Image.Image, box: Sequence[float] | None = None) -> Thumbnail:
    """Return a small picture.

    Args:
        picture: The photo.
        box: The part of it, x1 y1 x2 y2; by default all of it. What lies outside the photo is left out.
    """
    small = fitted(picture if box is None else _part(picture, box), THUMBNAIL_SIDE)
    scale = THUMBNAIL_SIDE / 2 / max(small.size)
    width, height = (max(1, round(side * scale)) for side in small.size)
    return Thumbnail(jpeg_uri(small, _THUMBNAIL_QUALITY), width, height)


def _part(picture: Image.Image, box: Sequence[float]) -> Image.Image:
    x1, y1, x2, y2 = box
    left, top = min(max(round(x1), 0), picture.width - 1), min(max(round(y1), 0), picture.height - 1)
    right, bottom = min(max(round(x2), left + 1), picture.width), min(max(round(y2), top + 1), picture.height)
    return picture.crop((left, top, right, bottom))


def fitted(picture: Image.Image, side: int) -> Image.Image:
    """Return a copy whose longer side is at most this."""
    small = picture.copy() if picture.mode == "RGB" else picture.convert("RGB")
    small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return small
