"""Reading a picture after EXIF orientation."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})


def read_picture(path: Path) -> Image.Image:
    """Return the picture in RGB, turned as its EXIF says, transparency laid over white, 16 bit scaled to 8.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is not a picture or is truncated.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no picture {path}")
    try:
        with Image.open(path) as opened:
            opened.load()
            # In place: a copy of a photo takes as long as turning it.
            ImageOps.exif_transpose(opened, in_place=True)
            return to_rgb(opened)
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path} cannot be read as a picture: {error}") from error


def is_picture(path: Path) -> bool:
    """Return whether the file name looks like a picture's and is not hidden."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def to_rgb(picture: Image.Image) -> Image.Image:
    """Return a picture in RGB, transparency laid over white, 16 bit scaled to 8; itself where it is in RGB already."""
    if type(picture) is Image.Image and picture.mode == "RGB":
        return picture
    if picture.mode.startswith("I") or picture.mode == "F":
        return _deep_to_rgb(picture)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, picture).convert("RGB")
    return picture.convert("RGB")


def _deep_to_rgb(picture: Image.Image) -> Image.Image:
    """Scale 16-bit gray (0..65535) to 8 bit; Pillow's own conversion clips it to white."""
    values = np.asarray(picture, dtype=np.float64)
    scale = 257.0 if values.max(initial=0) > 255 else 1.0
    return Image.fromarray(np.clip(values / scale, 0, 255).astype(np.uint8)).convert("RGB")
