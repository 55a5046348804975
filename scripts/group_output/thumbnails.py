"""A photo and its crops as pictures of a page, small enough that the page can be sent by mail."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from scripts.pages.data_uri import jpeg_uri, webp_uri

# Longer sides that the photo may have, and the characters that it may take at the first of them. Crops are cut from it
# by the page, so one with smaller boxes is larger.
PHOTO_SIDES = (1600, 1920, 2240, 2560)
PHOTO_CHARACTERS = 270_000
# Pixels at which a crop still looks sharp where the review asks about it.
CROP_SIDE = 176
_QUALITIES = (60, 40, 25)
# Twice the size that crops and photos are shown at in a list, for screens with fine pixels.
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


@dataclass(frozen=True)
class Crop:
    """A part of the photo, which the page cuts from it.

    Attributes:
        box: Its x1 y1 x2 y2 in pixels of the photo.
        width: Width to show it at.
        height: Height to show it at.
    """

    box: str
    width: int
    height: int


def photo_uri(picture: Image.Image, boxes: Sequence[Sequence[float]] = ()) -> str:
    """Return a photo for looking at: large enough for its crops, in the best quality that keeps the page light.

    Args:
        picture: The photo.
        boxes: Its detections, x1 y1 x2 y2.
    """
    side = _side_for(boxes, max(picture.size))
    most = PHOTO_CHARACTERS * side / PHOTO_SIDES[0]
    # Only what is nearly noise has to become smaller.
    for part in (1, 2, 4):
        small = fitted(picture, side // part)
        for quality in _QUALITIES:
            uri = webp_uri(small, quality)
            if len(uri) <= most:
                return uri
    return uri


def _side_for(boxes: Sequence[Sequence[float]], full: int) -> int:
    """Return the longer side at which half of the boxes are sharp."""
    if not len(boxes):
        return PHOTO_SIDES[0]
    x1, y1, x2, y2 = np.transpose(boxes)
    wanted = full * CROP_SIDE / float(np.median(np.maximum(x2 - x1, y2 - y1)))
    return next((side for side in PHOTO_SIDES if side >= wanted), PHOTO_SIDES[-1])


def thumbnail(picture: Image.Image) -> Thumbnail:
    """Return a photo as a small picture."""
    small = fitted(picture, THUMBNAIL_SIDE)
    return Thumbnail(jpeg_uri(small, _THUMBNAIL_QUALITY), *_shown_size(*small.size))


def crop_of(box: Sequence[float], size: tuple[int, int]) -> Crop:
    """Return a detection's part of a photo of some width and height, without what lies outside of it."""
    left, top = (min(max(value, 0), side - 1) for value, side in zip(box[:2], size, strict=True))
    right, bottom = min(max(box[2], left + 1), size[0]), min(max(box[3], top + 1), size[1])
    edges = " ".join(f"{value:.8g}" for value in (left, top, right, bottom))
    return Crop(edges, *_shown_size(right - left, bottom - top))


def _shown_size(width: float, height: float) -> tuple[int, int]:
    scale = THUMBNAIL_SIDE / 2 / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def fitted(picture: Image.Image, side: int) -> Image.Image:
    """Return a copy in RGB whose longer side is at most this."""
    share = min(1.0, side / max(picture.size))
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    # Not Image.thumbnail, which needs a copy of the whole photo to shrink.
    small = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return small.convert("RGB")
