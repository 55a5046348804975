"""A photo's size after EXIF orientation, and boxes of a photo that was not yet turned."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from datamodules.pictures.opening import opened, orientation_of


@dataclass(frozen=True)
class Photo:
    """What the reading of boxes needs to know of a photo.

    Attributes:
        path: The photo's file.
        size: Width and height after EXIF orientation.
        orientation: EXIF orientation 1..8; from 5 on the stored picture lies on its side.
    """

    path: Path
    size: tuple[int, int]
    orientation: int = 1

    @classmethod
    def open(cls, path: Path) -> "Photo":
        """Return a photo's size and orientation without decoding its pixels.

        Raises:
            FileNotFoundError: If there is no such file.
            UnreadablePictureError: If it is not a picture.
        """
        with opened(path) as picture:
            # What is wrong with it is told where it is decoded.
            orientation = orientation_of(picture, path, notes=[])
            width, height = picture.size
            # Pillow gives a TIFF's size as seen, that of every other format as stored.
            turned = picture.format != "TIFF" and orientation in (5, 6, 7, 8)
        return cls(path, (height, width) if turned else (width, height), orientation)

    @property
    def stored_size(self) -> tuple[int, int]:
        """Width and height as stored, before the turn that EXIF asks for."""
        return self.size[::-1] if self.orientation in (5, 6, 7, 8) else self.size


def after_exif(
    corners: NDArray[np.float64], size: tuple[int, int] | None, photo: Photo, source: Path
) -> NDArray[np.float64]:
    """Return boxes (n, 4) in the photo after EXIF orientation.

    Boxes are taken to be so already, unless their file names the size of the photo on its side. (A photo on its head
    or mirrored has the same size either way, so that such a file cannot be distinguished from one that is right.)

    Args:
        corners: Boxes as the file has them.
        size: The photo's size by the file, or None.
        photo: The photo.
        source: The box file, for the message.

    Raises:
        ValueError: If the file is for a photo of another size.
    """
    if size is None or size == photo.size:
        return corners
    if size == photo.stored_size:
        return turned(corners, photo)
    raise ValueError(
        f"{source} has boxes of a photo of {size[0]} x {size[1]} pixels, but {photo.path} has "
        f"{photo.size[0]} x {photo.size[1]}; are they the boxes of another photo, or of a resized copy? "
        f"Type box_scale=pixels if they fit this photo as they are, box_scale={size[0]}x{size[1]} to resize them"
    )


def turned(corners: NDArray[np.float64], photo: Photo) -> NDArray[np.float64]:
    """Return boxes (n, 4) of the picture as stored, turned as EXIF asks for."""
    width, height = photo.stored_size
    x1, y1, x2, y2 = corners.T
    columns = {
        5: (y1, x1, y2, x2),
        6: (height - y2, x1, height - y1, x2),
        7: (height - y2, width - x2, height - y1, width - x1),
        8: (y1, width - x2, y2, width - x1),
    }
    return np.stack(columns[photo.orientation], axis=1)
