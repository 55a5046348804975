"""What the four numbers of a box are and what they count."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Spellings of box_format=, and what the numbers are.
LAYOUTS = {
    "corners": "x1, y1, x2, y2",
    "xywh": "x, y of the left upper corner, width, height",
    "cxcywh": "x, y of the centre, width, height",
    "yxyx": "y1, x1, y2, x2",
    "xxyy": "x1, x2, y1, y2",
}
# Spellings of box_scale= beside a number and WIDTHxHEIGHT; how many units a side of the photo has.
SCALES = {"pixels": None, "shares": 1.0, "percent": 100.0}
SIZE = re.compile(r"(\d+(?:\.\d+)?)(?:x(\d+(?:\.\d+)?))?")


@dataclass(frozen=True)
class Convention:
    """What a person says about the numbers of a box file; it stands above what the file's format says.

    Attributes:
        layout: One of LAYOUTS, or None for the format's own.
        scale: pixels; shares (0..1) or percent of the photo's sides; a number such as 1000 or 640 for sides of so many
            units; WIDTHxHEIGHT for a copy of that size; None for the format's own.

    Raises:
        ValueError: If either is none of these.
    """

    layout: str | None = None
    scale: str | None = None

    def __post_init__(self) -> None:
        if self.layout is not None and self.layout not in LAYOUTS:
            known = "; ".join(f"{name} ({meaning})" for name, meaning in LAYOUTS.items())
            raise ValueError(f"box_format must be one of {known}; got {self.layout}")
        if self.scale is not None and self.scale not in SCALES and not _sides(self.scale):
            raise ValueError(
                f"box_scale must be {', '.join(SCALES)}, a number such as 1000 or a size such as 640x480; "
                f"got {self.scale}"
            )

    @classmethod
    def of_options(cls, box_format: str | None, box_scale: str | float | None) -> "Convention":
        """Return the convention that two options of the command line name."""
        return cls(box_format, None if box_scale is None else str(box_scale))

    @property
    def given(self) -> bool:
        """Whether a person said anything."""
        return self.layout is not None or self.scale is not None


AS_WRITTEN = Convention()


def to_corners(numbers: NDArray[np.float64], layout: str, scale: str, size: tuple[int, int]) -> NDArray[np.float64]:
    """Return boxes (n, 4) as x1, y1, x2, y2 in pixels of a photo.

    Args:
        numbers: Boxes (n, 4) as written.
        layout: One of LAYOUTS.
        scale: As of Convention.
        size: The photo's width and height.
    """
    a, b, c, d = numbers.T
    columns = {
        "corners": (a, b, c, d),
        "xywh": (a, b, a + c, b + d),
        "cxcywh": (a - c / 2, b - d / 2, a + c / 2, b + d / 2),
        "yxyx": (b, a, d, c),
        "xxyy": (a, c, b, d),
    }
    corners = np.stack(columns[layout], axis=1)
    if scale == "pixels":
        return corners
    units = _sides(scale) or (SCALES[scale],) * 2
    return corners * np.tile(np.array(size) / np.array(units, dtype=np.float64), 2)


def _sides(scale: str) -> tuple[float, float] | None:
    match = SIZE.fullmatch(scale)
    if match is None or not float(match[1]) or (match[2] and not float(match[2])):
        return None
    return float(match[1]), float(match[2] or match[1])
