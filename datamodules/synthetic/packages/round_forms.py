"""Packages that are round seen from above: bottle, jar, tub and can."""

from typing import NamedTuple

import numpy as np

from datamodules.synthetic.packages.surface import Field, Surface, bump, grid, smooth_step


class Turned(NamedTuple):
    """A turned body: half width at given heights, and where lid and label lie; heights run from 0, the top, to 1."""

    heights: tuple[float, ...]
    halves: tuple[float, ...]
    lid_end: float
    label: tuple[float, float]
    sag: float
    gloss: float
    ribs: int


TURNED: dict[str, Turned] = {
    "bottle": Turned((0, 0.012, 0.1, 0.105, 0.14, 0.2, 0.3, 0.36, 0.97, 1),
                     (0.36, 0.4, 0.4, 0.34, 0.34, 0.44, 0.86, 0.98, 1, 0.94),
                     0.102, (0.42, 0.92), 0.016, 0.75, 26),
    "jar": Turned((0, 0.02, 0.15, 0.16, 0.19, 0.26, 0.95, 1), (0.82, 0.86, 0.86, 0.8, 0.84, 0.99, 1, 0.92),
                  0.155, (0.3, 0.92), 0.035, 0.8, 34),
    "tub": Turned((0, 0.03, 0.17, 0.18, 0.96, 1), (0.96, 1, 1, 0.94, 0.8, 0.76), 0.175, (0.2, 0.97), 0.05, 0.4, 0),
    "can": Turned((0, 0.03, 0.045, 0.08, 0.92, 0.955, 0.97, 1), (0.93, 0.97, 0.93, 1, 1, 0.93, 0.97, 0.93),
                  0.062, (0.066, 0.945), 0.03, 0.65, 0),
}  # fmt: skip


def turned_surface(form: str, width: int, height: int) -> Surface:
    """Return the front of a round package, lit from the upper left.

    Args:
        form: One of `TURNED`.
        width: Pixels.
        height: Pixels.
    """
    body = TURNED[form]
    x, y = grid(width, height)
    half = np.interp(y, body.heights, body.halves).astype(np.float32)
    around = x / half
    bend = np.sqrt(np.clip(1 - around**2, 0, 1))
    # Seen from a little above, level lines sag in front: the surface at the sides is lower down than it looks.
    level = y + body.sag * (1 - bend)
    start, end = body.label
    cover = ((np.abs(around) <= 1) & (level <= 1)).astype(np.float32)
    across = 0.5 + 0.5 * np.arcsin(np.clip(0.94 * around, -0.94, 0.94)) / np.float32(np.arcsin(0.94))
    lid = (level < body.lid_end).astype(np.float32)
    return Surface(cover, across, (level - start) / (end - start), lid, *_lighting(body, around, bend, level, lid))


def _lighting(body: Turned, around: Field, bend: Field, level: Field, lid: Field) -> tuple[Field, Field]:
    """Return how light falls on a cylinder: dark flanks, a soft highlight left, a thin reflection right."""
    light = 0.42 + 0.6 * np.clip(bend, 0, 1) ** 0.75 - 0.10 * around
    light = light * (1.04 - 0.12 * level)
    light = light * (1 - 0.35 * bump(level, body.lid_end + 0.008, 0.012)) * (1 - 0.3 * smooth_step(level, 0.96, 1.0))
    if body.ribs:
        light = light * (1 + 0.13 * lid * np.sin(np.arcsin(np.clip(around, -1, 1)) * body.ribs))
    streak = bump(around, -0.46, 0.13) * 0.5 + bump(around, -0.4, 0.035) * 0.35 + bump(around, 0.8, 0.06) * 0.32
    # The paper of a label shines less than the glass or metal around it.
    paper = ((level > body.label[0]) & (level < body.label[1])).astype(np.float32)
    fade = smooth_step(level, 0.0, 0.05) * (1 - smooth_step(level, 0.88, 1.0))
    return light, streak * body.gloss * fade * (1 - 0.45 * paper)
