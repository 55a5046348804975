"""Pictures on packages: fruits, flowers and leaves, each a short list of shapes in the unit square."""

import math
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageDraw

from datamodules.synthetic.packages.palette import Colour, mix

Points = tuple[tuple[float, float], ...]
LEAF: Colour = (66, 136, 58)
STEM: Colour = (92, 70, 40)


class Shape(NamedTuple):
    """A filled polygon and the part of the picture it belongs to: fruit, light, dark, leaf or stem."""

    tone: str
    points: Points


def oval(tone: str, x: float, y: float, width: float, height: float, turn: float = 0.0) -> Shape:
    """Return an ellipse with the given centre and half axes, turned by `turn` degrees."""
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    angles = [2 * math.pi * step / 40 for step in range(40)]
    around = [(width * math.cos(angle), height * math.sin(angle)) for angle in angles]
    return Shape(tone, tuple((x + a * cosine - b * sine, y + a * sine + b * cosine) for a, b in around))


def blade(tone: str, x: float, y: float, length: float, breadth: float, turn: float) -> Shape:
    """Return a pointed leaf that starts at (x, y) and grows in direction `turn`, degrees clockwise from the right."""
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    steps = [step / 12 for step in range(13)]
    edge = [(length * t, breadth * math.sin(math.pi * t)) for t in steps]
    outline = edge + [(a, -b) for a, b in reversed(edge)]
    return Shape(tone, tuple((x + a * cosine - b * sine, y + a * sine + b * cosine) for a, b in outline))


def ring(shape: str, count: int, radius: float, length: float, breadth: float) -> tuple[Shape, ...]:
    """Return petals around the middle of the picture."""
    turns = [360 * step / count - 90 for step in range(count)]
    centres = [(0.5 + radius * math.cos(math.radians(t)), 0.5 + radius * math.sin(math.radians(t))) for t in turns]
    make = blade if shape == "blade" else oval
    return tuple(make("fruit", x, y, length, breadth, turn) for (x, y), turn in zip(centres, turns, strict=True))


def stalk(x: float, y: float, to_x: float, to_y: float) -> Shape:
    """Return a thin stem between two points."""
    return Shape("stem", ((x - 0.018, y), (x + 0.018, y), (to_x + 0.018, to_y), (to_x - 0.018, to_y)))


BUNCH = [(0.5, 0.84), (0.4, 0.68), (0.6, 0.68), (0.3, 0.5), (0.5, 0.52), (0.7, 0.5), (0.4, 0.35), (0.6, 0.35)]
EARS = [(0.5, 0.12 + 0.13 * step, side) for step in range(5) for side in (-1, 1)]
SEEDS = [(0.4, 0.5), (0.5, 0.44), (0.6, 0.5), (0.45, 0.63), (0.55, 0.63), (0.5, 0.76)]

GLYPHS: dict[str, tuple[Shape, ...]] = {
    "apple": (stalk(0.5, 0.3, 0.54, 0.08), blade("leaf", 0.53, 0.2, 0.3, 0.08, -20),
              oval("fruit", 0.38, 0.58, 0.27, 0.33), oval("fruit", 0.62, 0.58, 0.27, 0.33),
              oval("light", 0.29, 0.48, 0.06, 0.12, 20)),
    "pear": (stalk(0.5, 0.25, 0.55, 0.04), oval("fruit", 0.5, 0.68, 0.3, 0.27), oval("fruit", 0.5, 0.38, 0.17, 0.24),
             blade("leaf", 0.53, 0.15, 0.28, 0.07, 5), oval("light", 0.36, 0.62, 0.06, 0.12, 20)),
    "cherry": (stalk(0.3, 0.6, 0.55, 0.1), stalk(0.72, 0.66, 0.55, 0.1), blade("leaf", 0.54, 0.12, 0.34, 0.09, 12),
               oval("fruit", 0.28, 0.7, 0.2, 0.2), oval("fruit", 0.72, 0.74, 0.2, 0.2),
               oval("light", 0.22, 0.63, 0.05, 0.06), oval("light", 0.66, 0.67, 0.05, 0.06)),
    "strawberry": (Shape("fruit", ((0.18, 0.36), (0.3, 0.26), (0.7, 0.26), (0.82, 0.36), (0.76, 0.62), (0.5, 0.96),
                                   (0.24, 0.62))), *(oval("light", x, y, 0.022, 0.035) for x, y in SEEDS),
                   *(blade("leaf", 0.5, 0.26, 0.3, 0.07, turn) for turn in (160, 200, 250, 290, 340, 380))),
    "grapes": (stalk(0.5, 0.3, 0.5, 0.06), *(oval("fruit", x, y, 0.125, 0.125) for x, y in BUNCH),
               *(oval("light", x - 0.04, y - 0.04, 0.03, 0.03) for x, y in BUNCH),
               blade("leaf", 0.5, 0.18, 0.34, 0.11, -8)),
    "citrus": (oval("fruit", 0.5, 0.52, 0.42, 0.42), oval("light", 0.5, 0.52, 0.35, 0.35),
               *(blade("fruit", 0.5, 0.52, 0.33, 0.085, 45 * step + 10) for step in range(8))),
    "plum": (stalk(0.48, 0.3, 0.56, 0.08), blade("leaf", 0.54, 0.16, 0.32, 0.1, 15),
             oval("fruit", 0.5, 0.6, 0.28, 0.34),
             Shape("dark", ((0.5, 0.27), (0.56, 0.45), (0.57, 0.7), (0.52, 0.93), (0.53, 0.7), (0.52, 0.45))),
             oval("light", 0.36, 0.5, 0.05, 0.13, 12)),
    "chilli": (stalk(0.26, 0.24, 0.16, 0.06), oval("leaf", 0.27, 0.25, 0.11, 0.07, 35),
               Shape("fruit", ((0.17, 0.32), (0.37, 0.22), (0.56, 0.42), (0.72, 0.66), (0.94, 0.86), (0.66, 0.84),
                               (0.4, 0.68), (0.24, 0.5))), blade("light", 0.3, 0.36, 0.34, 0.025, 48)),
    "daisy": (*ring("oval", 9, 0.29, 0.17, 0.085), oval("light", 0.5, 0.5, 0.15, 0.15),
              oval("dark", 0.5, 0.5, 0.08, 0.08)),
    "lily": (*ring("blade", 6, 0.05, 0.43, 0.11), oval("light", 0.5, 0.5, 0.08, 0.08)),
    "tulip": (stalk(0.5, 0.98, 0.5, 0.5), blade("leaf", 0.5, 0.95, 0.46, 0.07, -125),
              blade("leaf", 0.5, 0.95, 0.46, 0.07, -55),
              Shape("fruit", ((0.24, 0.12), (0.38, 0.26), (0.5, 0.06), (0.62, 0.26), (0.76, 0.12), (0.74, 0.44),
                              (0.6, 0.6), (0.4, 0.6), (0.26, 0.44))), blade("dark", 0.5, 0.58, 0.42, 0.06, -90)),
    "leaf": (blade("fruit", 0.12, 0.88, 1.02, 0.26, -45), Shape("light", ((0.1, 0.92), (0.08, 0.9), (0.78, 0.2))),
             *(blade("light", 0.3 + 0.14 * s, 0.7 - 0.14 * s, 0.2, 0.012, t) for s in range(3) for t in (-5, -85))),
    "clover": (stalk(0.5, 0.55, 0.58, 0.98), *(oval("fruit", 0.5 + 0.22 * math.sin(math.radians(t)),
               0.46 - 0.22 * math.cos(math.radians(t)), 0.19, 0.19) for t in (0, 120, 240)),
               oval("light", 0.5, 0.46, 0.05, 0.05)),
    "wheat": (stalk(0.5, 0.98, 0.5, 0.1), *(blade("fruit", x, y + 0.12, 0.27, 0.055, -90 + 38 * side)
              for x, y, side in EARS), blade("fruit", 0.5, 0.16, 0.16, 0.05, -90)),
    "acorn": (stalk(0.5, 0.2, 0.5, 0.04), oval("fruit", 0.5, 0.56, 0.26, 0.36), oval("dark", 0.5, 0.34, 0.32, 0.16),
              oval("light", 0.4, 0.6, 0.045, 0.14, 8)),
}  # fmt: skip


@lru_cache(maxsize=256)
def draw_glyph(kind: str, size: int, fruit: Colour) -> Image.Image:
    """Draw one picture on a clear ground.

    Args:
        kind: One of `GLYPHS`.
        size: Side of the picture in pixels.
        fruit: Main colour; stems and leaves keep their own.
    """
    tones = {"fruit": fruit, "light": mix(fruit, (255, 250, 235), 0.62), "dark": mix(fruit, (20, 10, 10), 0.55),
             "leaf": LEAF, "stem": STEM}  # fmt: skip
    picture = Image.new("RGBA", (2 * size, 2 * size), (*fruit, 0))
    pen = ImageDraw.Draw(picture)
    for shape in GLYPHS[kind]:
        outline = mix(tones[shape.tone], (20, 14, 10), 0.35)
        points = [(2 * size * x, 2 * size * y) for x, y in shape.points]
        pen.polygon(points, fill=tones[shape.tone], outline=outline, width=max(1, size // 60))
    return picture.resize((size, size), Image.Resampling.BOX)
