"""Pictures as text that stands inside the page."""

import base64
import io
from collections.abc import Sequence

from PIL import Image

PHOTO_SIDE = 1600
# With a third more for base64, this leaves room for the thumbnails of a full shelf in a page of one megabyte.
PHOTO_BYTES = 440_000
_QUALITIES = (84, 78, 72, 64, 56, 44)
# Twice the size it is shown at, for screens with fine pixels.
THUMBNAIL_SIDE = 112
_THUMBNAIL_QUALITY = 64


def photo_uri(picture: Image.Image) -> str:
    """Returns a photo for looking at, in the best quality that keeps the page light."""
    small = _fitted(picture, PHOTO_SIDE)
    for quality in _QUALITIES:
        jpeg = _jpeg(small, quality)
        if len(jpeg) <= PHOTO_BYTES:
            break
    return _uri(jpeg)


def thumbnail(picture: Image.Image, box: Sequence[float] | None = None) -> tuple[str, int, int]:
    """Returns a small picture, and the width and height to show it at.

    Args:
        picture: The photo.
        box: The part of it, x1 y1 x2 y2; by default all of it. What lies outside the photo is left out.
    """
    x1, y1, x2, y2 = box or (0, 0, *picture.size)
    left, top = min(max(round(x1), 0), picture.width - 1), min(max(round(y1), 0), picture.height - 1)
    right, bottom = min(max(round(x2), left + 1), picture.width), min(max(round(y2), top + 1), picture.height)
    small = _fitted(picture.crop((left, top, right, bottom)), THUMBNAIL_SIDE)
    scale = THUMBNAIL_SIDE / 2 / max(small.size)
    width, height = (max(1, round(side * scale)) for side in small.size)
    return _uri(_jpeg(small, _THUMBNAIL_QUALITY)), width, height


def _fitted(picture: Image.Image, side: int) -> Image.Image:
    """A copy whose longer side is at most this."""
    small = picture.convert("RGB")
    small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return small


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality, optimize=True, progressive=max(picture.size) > THUMBNAIL_SIDE)
    return stream.getvalue()


def _uri(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
