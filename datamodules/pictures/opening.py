"""Opening a picture file: which formats, how large, and which way up, all before any pixel is decoded."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from PIL import ExifTags, Image

_WAY_ON = "if it is no trap, type MAX_MEGAPIXELS=1000 before the command (4 MB of memory for each)"
# By Pillow's names. Its other readers are of no use for photos, and what is never called cannot be attacked.
FORMATS = ("JPEG", "PNG", "BMP", "GIF", "WEBP", "TIFF", "AVIF")
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
# The environment variable that allows larger pictures. Phones take photos of 200 megapixels.
LIMIT, MEGAPIXELS = "MAX_MEGAPIXELS", 256.0
# Said below in one line that names the file.
warnings.simplefilter("ignore", Image.DecompressionBombWarning)


class UnreadablePictureError(ValueError):
    """A file that cannot be read as a picture; the message names it."""


@contextmanager
def opened(path: Path, stream: IO[bytes] | None = None) -> Iterator[Image.Image]:
    """Open a picture, and name it in whatever goes wrong until it is closed.

    Args:
        path: The file.
        stream: Its content, if it was read already.

    Raises:
        FileNotFoundError: If there is no such file.
        UnreadablePictureError: If it is no picture, of a format that is not read, too large, or broken.
    """
    limit = _megapixels()
    Image.MAX_IMAGE_PIXELS = int(limit * 1e6)
    if not path.is_file():
        raise FileNotFoundError(f"there is no picture {path}")
    try:
        with _open(path, stream) as picture:
            _check_size(picture.size, limit, path)
            yield picture
    except UnreadablePictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadablePictureError(f"{path} is too large to be read as a picture: {error}; {_WAY_ON}") from error
    except Exception as error:
        # Broken files make Pillow raise nearly everything: struct.error, KeyError, zlib.error, EOFError, ...
        reason = str(error) or type(error).__name__
        raise UnreadablePictureError(f"{path} cannot be read as a picture: {reason}") from error


def orientation_of(picture: Image.Image, path: Path | str, notes: list[str]) -> int:
    """Return the EXIF orientation 1..8; one that cannot be read is 1, with a note.

    Args:
        picture: An opened picture.
        path: Its file, for the note.
        notes: Takes the note.
    """
    try:
        value = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception as error:
        # As of the whole picture: broken EXIF makes Pillow raise nearly everything.
        notes.append(f"{path}: its EXIF cannot be read ({error}), so that it may lie on its side")
        return 1
    # Some cameras write 0 for unknown.
    if isinstance(value, int) and 0 <= value <= 8:
        return value or 1
    notes.append(f"{path}: its EXIF orientation is {value!r} and not 1..8, so that it may lie on its side")
    return 1


def _open(path: Path, stream: IO[bytes] | None) -> Image.Image:
    try:
        return Image.open(stream or path, formats=FORMATS)
    except Image.UnidentifiedImageError as error:
        with path.open("rb") as file:
            start = file.read(12)
        if start[4:8] == b"ftyp" and start[8:] in HEIC_BRANDS:
            return _open_heic(path)
        kind = "an empty file" if not start else "none of JPEG, PNG, WEBP, TIFF, BMP, GIF, AVIF and HEIC"
        raise UnreadablePictureError(f"{path} cannot be read as a picture: it is {kind}") from error


def _open_heic(path: Path) -> Image.Image:
    try:
        # 26 MB that only photos of iPhones need.
        from pillow_heif import register_heif_opener
    except ImportError as error:
        raise UnreadablePictureError(
            f"{path} cannot be read as a picture: it is HEIC; type pip install pillow-heif, or export it as JPEG"
        ) from error
    register_heif_opener()
    return Image.open(path, formats=("HEIF",))


def _megapixels() -> float:
    given = os.environ.get(LIMIT) or str(MEGAPIXELS)
    try:
        return float(given)
    except ValueError as error:
        raise ValueError(f"{LIMIT} must be a number of megapixels, got {given!r}") from error


def _check_size(size: tuple[int, int], limit: float, path: Path) -> None:
    megapixels = size[0] * size[1] / 1e6
    if megapixels > limit:
        sides = f"{size[0]} x {size[1]} are {megapixels:.0f} megapixels and the limit is {limit:g}"
        raise UnreadablePictureError(f"{path} is too large to be read as a picture: {sides}; {_WAY_ON}")
