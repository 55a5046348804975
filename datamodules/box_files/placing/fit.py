"""Holding boxes against the photo they are said to belong to."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from datamodules.box_files.placing.orientation import Photo
from datamodules.scene import check_boxes


def fit_to_photo(corners: NDArray[np.float64], ids: tuple[str, ...], photo: Photo, source: Path) -> NDArray[np.float32]:
    """Return boxes (n, 4) clipped to the photo.

    Args:
        corners: Boxes (n, 4) in the photo after EXIF orientation.
        ids: One name per box.
        photo: The photo.
        source: The box file, for the messages.

    Raises:
        ValueError: If a box has no area or lies outside of the photo, or if most boxes do not fit it.
    """
    check_boxes(corners, ids, str(source))
    limits = np.array(photo.size, dtype=np.float64)
    first, last = corners[:, :2], corners[:, 2:]
    outside = np.any((last <= 0) | (first >= limits), axis=1)
    centers = (first + last) / 2
    strays = np.any((centers < 0) | (centers > limits), axis=1)
    if outside.any() or strays.mean() > 0.5:
        raise ValueError(f"{source}: {_describe(corners, ids, outside, strays, photo)}")
    clipped = np.clip(corners, 0, np.tile(limits, 2)).astype(np.float32)
    # A sliver at the edge may lose its area to float32 alone.
    check_boxes(clipped, ids, str(source))
    return clipped


def _describe(
    corners: NDArray[np.float64],
    ids: tuple[str, ...],
    outside: NDArray[np.bool_],
    strays: NDArray[np.bool_],
    photo: Photo,
) -> str:
    # Where most boxes miss the photo the file is the mistake, and the single box is not worth looking at.
    wrong_file = strays.mean() > 0.5
    wrong = strays if wrong_file else outside
    row = int(np.flatnonzero(wrong)[0])
    return (
        f"{wrong.sum()} of {len(ids)} boxes lie outside of {photo.path} ({photo.size[0]} x {photo.size[1]} pixels); "
        f"the first is {ids[row]!r} with (x1, y1, x2, y2) = {tuple(float(value) for value in corners[row])}"
        + ("; are they the boxes of another photo, or of a resized or unturned copy?" if wrong_file else "")
    )
