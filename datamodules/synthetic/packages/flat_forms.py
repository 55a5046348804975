"""Packages with a flat or pillow-shaped front: carton, gable-top carton and pouch."""

import numpy as np

from datamodules.synthetic.packages.surface import Surface, bump, grid, smooth_step


def carton_surface(width: int, height: int) -> Surface:
    """Return a box with a narrow side face on its right, and the front edge of its top."""
    x, y = grid(width, height)
    edge, top = 0.87, 0.022
    side = (x > edge).astype(np.float32)
    # The side face runs backwards, so its upper and lower edges rise.
    rise = 0.02 * side * (x - edge) / (1 - edge)
    cover = ((y <= 1 - rise) & (y >= 0)).astype(np.float32)
    across = np.where(x > edge, -1.0, (x + 1) / (1 + edge)) + 0 * y
    lid = (y < top).astype(np.float32) + 0 * x
    light = (1.0 - 0.07 * x - 0.08 * y) * (1 - 0.42 * side) * (1 + 0.12 * lid)
    light = (
        light * (1 - 0.25 * bump(x, edge, 0.012)) * (1 - 0.2 * bump(x, -1.0, 0.025)) * (1 - 0.25 * bump(y, top, 0.006))
    )
    shine = 0.12 * bump(x + 0.9 * y, -0.15, 0.25) * (1 - side)
    return Surface(cover, across, (y - top) / (1 - top) + 0 * x, lid, light, shine)


def gable_surface(width: int, height: int) -> Surface:
    """Return a milk carton: a crimped ridge, a slanted roof, and the flat front."""
    x, y = grid(width, height)
    ridge, eaves, edge = 0.055, 0.185, 0.84
    roof = smooth_step(y, ridge, ridge + 0.001) * (1 - smooth_step(y, eaves, eaves + 0.001))
    half = np.interp(y, (0, ridge, eaves, 1), (0.9, 0.9, 1, 1)).astype(np.float32)
    side = ((x > edge) & (y > eaves - 0.1 * (x - edge))).astype(np.float32)
    cover = (np.abs(x) <= half).astype(np.float32)
    across = np.where(x > edge, -1.0, (x + 1) / (1 + edge)) + 0 * y
    light = (1.02 - 0.06 * x - 0.1 * y) * (1 - 0.4 * side) * (1 + 0.14 * roof * (1 - (y - ridge) / (eaves - ridge)))
    crimp = (y < ridge).astype(np.float32)
    light = light * (1 - 0.1 * crimp * (1 + np.sin(y * 700))) * (1 - 0.3 * bump(y, ridge, 0.004))
    light = light * (1 - 0.22 * bump(y, eaves, 0.005)) * (1 - 0.2 * bump(x, edge, 0.012))
    shine = 0.16 * roof * bump(x, -0.3, 0.4) + 0.07 * bump(x, -0.5, 0.3) * (1 - side)
    return Surface(cover, across, (y - eaves) / (1 - eaves) + 0 * x, (crimp + roof).clip(0, 1) + 0 * x, light, shine)


def pouch_surface(width: int, height: int) -> Surface:
    """Return a filled bag with crimped seals above and below, and soft creases at its corners."""
    x, y = grid(width, height)
    seal = 0.05
    half = (0.955 + 0.045 * np.abs(2 * y - 1) ** 3).astype(np.float32)
    around = x / half
    # A scalloped cut along the two seals.
    ripple = 0.004 * np.sin(x * 60)
    cover = ((np.abs(around) <= 1) & (y > 0.004 + ripple) & (y < 0.996 + ripple)).astype(np.float32)
    belly = (1 - np.abs(around) ** 3.2).clip(0, 1) * (1 - np.abs(2 * y - 1) ** 5).clip(0, 1)
    sealed = ((y < seal) | (y > 1 - seal)).astype(np.float32)
    light = (0.6 + 0.44 * belly**0.6 - 0.07 * around) * (1 - 0.12 * sealed * (1 + np.sin(y * 500)))
    corner = smooth_step(np.abs(2 * y - 1), 0.45, 0.92) * (1 - sealed)
    crease = np.sin(9 * around + 14 * y * np.sign(y - 0.5)) * np.sin(17 * around - 6 * y)
    light = light * (1 + 0.13 * corner * crease)
    shine = 0.3 * bump(around + 0.25 * (y - 0.5), -0.62, 0.09) * belly + 0.18 * bump(around, 0.78, 0.06) * belly
    shine = shine + 0.16 * corner * np.clip(crease, 0, 1) ** 2
    down = (y - seal) / (1 - 2 * seal) + 0 * x
    return Surface(cover, ((around + 1) / 2).astype(np.float32), down, sealed * (y < 0.5) + 0 * x, light, shine)
