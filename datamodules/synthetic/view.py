"""Where the camera stands: the photo is a slightly skewed piece of the canvas."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Matrix = NDArray[np.float64]
MARGIN = 0.06


def canvas_size(width: int, height: int) -> tuple[int, int]:
    """Return the size of the canvas for a photo of the given size: a margin on all sides for the skew."""
    return round(width * (1 + 2 * MARGIN)), round(height * (1 + 2 * MARGIN))


def random_view(width: int, height: int, generator: np.random.Generator) -> Matrix:
    """Return a projective map (3, 3) from places in the photo to places on its canvas, last entry 1."""
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    room = MARGIN * np.array([width, height])
    return projective_map(corners, corners + room + generator.uniform(-0.8, 0.8, (4, 2)) * room)


def projective_map(sources: Matrix, targets: Matrix) -> Matrix:
    """Return the projective map that takes four places to four others; both of shape (4, 2)."""
    # Import time: half a second, which only rendering needs.
    from skimage.transform import ProjectiveTransform

    view = np.asarray(ProjectiveTransform.from_estimate(sources, targets).params)
    return view / view[2, 2]


def apply(view: Matrix, places: Matrix) -> Matrix:
    """Map places of shape (..., 2)."""
    mapped = np.concatenate([places, np.ones_like(places[..., :1])], axis=-1) @ view.T
    return mapped[..., :2] / mapped[..., 2:]


def look(canvas: Image.Image, view: Matrix, size: tuple[int, int], resample: Image.Resampling) -> Image.Image:
    """Take the piece of the canvas that the photo shows."""
    return canvas.transform(size, Image.Transform.PERSPECTIVE, tuple(view.ravel()[:8]), resample)


def polygon_areas(corners: Matrix) -> NDArray[np.float64]:
    """Return the areas of polygons of shape (n, corners, 2)."""
    x, y = corners[..., 0], corners[..., 1]
    return 0.5 * np.abs(np.sum(x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1), axis=1))
