"""Features without any training: colours and outlines, and where in the crop they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from skimage.color import rgb2lab
from skimage.feature import hog

CELLS = 8
ORIENTATIONS = 8
# Bins of the colour histogram along lightness, green-red and blue-yellow, and their range in CIELAB.
BINS = (4, 6, 6)
RANGE = ((0, 100), (-60, 60), (-60, 60))
# So weighted, colour layout, outlines and histogram contribute alike to the distance of two crops.
COLOUR_UNIT = 25.0
WEIGHT = 4.0


def appearance(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return one feature vector per crop (n, 848).

    Three parts: the mean colour of each of 8 x 8 cells in CIELAB; histograms of gradient directions in the same cells
    (Dalal and Triggs, Histograms of oriented gradients for human detection, 2005); the crop's colour histogram under
    the root, so that distances are Hellinger's.

    Args:
        pictures: Squares (n, s, s, 3) uint8, s a multiple of 8.

    Raises:
        ValueError: If the side is not a multiple of 8.
    """
    if pictures.shape[1] % CELLS:
        raise ValueError(f"appearance needs squares whose side is a multiple of {CELLS}, got {pictures.shape[1]}")
    return np.array([_describe(np.asarray(picture)) for picture in pictures], dtype=np.float32)


def _describe(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    side = picture.shape[0] // CELLS
    colours = rgb2lab(picture)
    layout = colours.reshape(CELLS, side, CELLS, side, 3).mean(axis=(1, 3)) / COLOUR_UNIT
    outlines = hog(
        picture.mean(axis=2) / 255, orientations=ORIENTATIONS, pixels_per_cell=(side, side), cells_per_block=(1, 1)
    )
    counts, _ = np.histogramdd(np.clip(colours.reshape(-1, 3), -59, 99), bins=BINS, range=RANGE)
    return np.concatenate([layout.ravel(), WEIGHT * outlines, WEIGHT * np.sqrt(counts.ravel() / (CELLS * side) ** 2)])
