"""From every mode of Pillow to RGB of 8 bit."""

import numpy as np
from PIL import Image


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
    """Scale gray of 0..65535, or of 0..1 where it is no whole number, to 8 bit; Pillow clips the former to white."""
    values = np.nan_to_num(np.asarray(picture, dtype=np.float64))
    highest = values.max(initial=0)
    scale = 257.0 if highest > 255 else 1 / 255 if picture.mode == "F" and highest <= 1 else 1.0
    return Image.fromarray(np.clip(values / scale, 0, 255).astype(np.uint8)).convert("RGB")
