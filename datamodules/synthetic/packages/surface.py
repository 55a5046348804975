"""The shape of a package as seen from the front, pixel by pixel."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]


class Surface(NamedTuple):
    """A package front without its print; every field has shape (height, width).

    `across` and `down` say which place of the label is seen (0 to 1; outside of that there is no label), `cover` is 1
    where the package is, `lid` is 1 on the lid, `light` multiplies the colour and `shine` is added as white.
    """

    cover: Field
    across: Field
    down: Field
    lid: Field
    light: Field
    shine: Field


def grid(width: int, height: int) -> tuple[Field, Field]:
    """Return places of the pixels: x from -1 to 1, shape (1, width), and y from 0 to 1, shape (height, 1)."""
    x = (np.arange(width) + 0.5) / width * 2 - 1
    y = (np.arange(height) + 0.5) / height
    return x[None, :].astype(np.float32), y[:, None].astype(np.float32)


def bump(place: Field, middle: float, width: float) -> Field:
    """Return a smooth hill of height 1."""
    return np.exp(-(((place - middle) / width) ** 2))


def smooth_step(place: Field, start: float, end: float) -> Field:
    """Return a curve from 0 before `start` to 1 after `end`, without a kink."""
    t = np.clip((place - start) / (end - start), 0, 1)
    return t * t * (3 - 2 * t)
