"""Reading pictures: whatever a file holds, a picture or one error that names the file comes of it."""

from datamodules.pictures.files import PictureFiles, is_picture, pictures_below
from datamodules.pictures.modes import to_rgb
from datamodules.pictures.opening import UnreadablePictureError
from datamodules.pictures.reading import read_picture, upright

__all__ = [
    "PictureFiles",
    "UnreadablePictureError",
    "is_picture",
    "pictures_below",
    "read_picture",
    "to_rgb",
    "upright",
]
