"""What a user hands over, checked: photos and crops as files, PIL images or arrays; boxes as files or arrays."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from datamodules.box_files import AS_WRITTEN, Convention, find_box_file, read_scene
from datamodules.box_files.detections import Detections, Record
from datamodules.box_files.placing.orientation import Photo
from datamodules.box_files.placing.place import place
from datamodules.box_files.reading import scene_of
from datamodules.pictures import PictureFiles, pictures_below, to_rgb, upright
from datamodules.scene import Scene

Picture: TypeAlias = str | Path | Image.Image | NDArray[np.uint8]
Boxes: TypeAlias = str | Path | Sequence[Sequence[float]] | NDArray[np.number]
# What a photo without a file is called.
UNNAMED = Path("photo")


@dataclass(frozen=True)
class PhotoInput:
    """A photo with its boxes.

    Attributes:
        scene: Its detections.
        picture: The photo itself where it was handed over in memory; None for that of ``scene.photo``.
    """

    scene: Scene
    picture: Image.Image | None = None

    def numbered_in(self, products: list[str]) -> "PhotoInput":
        """Return the photo with the product numbers of many photos, whose names are extended in place."""
        return replace(self, scene=self.scene.numbered_in(products))


def read_photo(photo: Picture, boxes: Boxes | None, convention: Convention = AS_WRITTEN) -> PhotoInput:
    """Return a photo and its boxes.

    Args:
        photo: A file, a PIL image, or an array (h, w, 3) or (h, w) of uint8.
        boxes: A file in any format of docs/box_files.md, a folder of such files, an array (n, 4) of x1, y1, x2, y2 in
            pixels after EXIF orientation; None for the file of the photo's name beside it.
        convention: What the numbers of the boxes are, if it is not what their format says.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If something cannot be read, has a wrong shape, or boxes lie outside of the photo.
    """
    picture = None if isinstance(photo, str | Path) else to_picture(photo)
    if isinstance(photo, str | Path):
        path = Path(photo)
        if boxes is None or isinstance(boxes, str | Path):
            file = find_box_file(path, None if boxes is None else Path(boxes))
            return PhotoInput(read_scene(path, file, convention=convention))
        seen = Photo.open(path)
    else:
        assert picture is not None, "a photo that is not a file is in memory"
        seen = Photo(Path(getattr(photo, "filename", "") or UNNAMED), picture.size)
    if boxes is None:
        raise ValueError("boxes must be given with a photo in memory: a file, or an array (n, 4)")
    if isinstance(boxes, str | Path):
        return PhotoInput(scene_of(seen, find_box_file(seen.path, Path(boxes)), convention=convention), picture)
    corners = np.asarray(boxes, dtype=np.float64)
    if corners.ndim != 2 or corners.shape[1] != 4 or not len(corners):
        raise ValueError(f"boxes must be an array (n, 4) of x1, y1, x2, y2 with n at least 1, got {corners.shape}")
    ids = tuple(map(str, range(len(corners))))
    given = Detections([Record(tuple(box)) for box in corners.tolist()])
    placed, warnings = place(given, seen, Path("boxes"), convention)
    return PhotoInput(Scene(seen.path.stem, ids, seen.path, placed, warnings=warnings), picture)


def to_picture(value: Image.Image | ArrayLike) -> Image.Image:
    """Return a picture in memory in RGB, turned as its EXIF says.

    Raises:
        ValueError: If it is neither a PIL image nor an array (h, w, 3) or (h, w) of uint8.
    """
    if isinstance(value, Image.Image):
        return to_rgb(upright(value, "the picture", notes=[]))
    pixels = np.asarray(value)
    if pixels.dtype != np.uint8 or not (pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 3)):
        raise ValueError(
            "a picture must be a file, a PIL image or an array (h, w, 3) or (h, w) of uint8, "
            f"got {pixels.dtype} of shape {pixels.shape}"
        )
    if not pixels.size:
        raise ValueError(f"a picture must have pixels, got shape {pixels.shape}")
    return Image.fromarray(pixels).convert("RGB")


def find_photos(folder: str | Path) -> PictureFiles:
    """Return the photos of a folder and the folders in it in the order of their paths, p2 before p10.

    Raises:
        FileNotFoundError: If there is no such folder, or no picture in it.
    """
    if not Path(folder).is_dir():
        raise FileNotFoundError(f"photos: there is no folder {folder}")
    found = pictures_below(Path(folder))
    if not found.files:
        raise FileNotFoundError(f"photos: there is no picture in {found.describe()}")
    return replace(found, files=sorted(found.files, key=by_number))


def by_number(path: Path) -> tuple[list[str | int], str]:
    """Return what a path is sorted by: its numbers by their value, and all else as text."""
    parts = re.split(r"([0-9]+)", path.as_posix())
    return [int(part) if place % 2 else part for place, part in enumerate(parts)], path.as_posix()
