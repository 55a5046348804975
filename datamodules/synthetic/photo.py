"""One photo of a shelf, from its plan to pixels and boxes."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from datamodules.synthetic.arrangement import Bay, arrange
from datamodules.synthetic.backdrop import FITTINGS, Fittings, paint_bay, paint_board, paint_tag
from datamodules.synthetic.camera import expose
from datamodules.synthetic.occluders import hang_flags, hang_sign, reach_in
from datamodules.synthetic.packages.catalogue import Catalogue, make_catalogue
from datamodules.synthetic.packages.package import draw_package
from datamodules.synthetic.planogram import PhotoPlan
from datamodules.synthetic.stage import Sprite, Stage, make_sprite
from datamodules.synthetic.view import Matrix, apply, canvas_size, look, polygon_areas, random_view

LEAST_VISIBLE = 0.35
# Places on a package, as fractions of its width and height, around its picture and around its word.
TELLING_COLUMNS = (0.3, 0.5, 0.7)
TELLING_ROWS = (0.55, 0.78)


class Photo(NamedTuple):
    """A photo with what is to be found in it: boxes (n, 4), float32, and products (n,), int64."""

    picture: Image.Image
    boxes: NDArray[np.float32]
    products: NDArray[np.int64]


@lru_cache(maxsize=2)
def catalogue_of(seed: int, num_brands: int) -> Catalogue:
    """Return the catalogue, made once per process."""
    return make_catalogue(seed, num_brands)


@lru_cache(maxsize=512)
def sprite_of(seed: int, num_brands: int, label: int) -> Sprite:
    """Return a product's picture, drawn once per process."""
    return make_sprite(draw_package(catalogue_of(seed, num_brands), label))


def render_photo(
    seed: int, num_brands: int, plan: PhotoPlan, size: tuple[int, int], generator: np.random.Generator
) -> Photo:
    """Render one photo.

    Args:
        seed: Of the catalogue.
        num_brands: Of the catalogue.
        plan: What stands where.
        size: Width and height of the photo in pixels.
        generator: Source of chance; the same state gives the same photo.
    """
    stage = Stage(*canvas_size(*size))
    bays = arrange(catalogue_of(seed, num_brands), plan, *stage.canvas.size, generator)
    fittings = FITTINGS[generator.integers(len(FITTINGS))]
    slant = float(generator.normal(0, 0.08))
    for bay in bays:
        _paint(stage, bay, fittings, generator)
        for placed in bay.packages:
            stage.add_package(sprite_of(seed, num_brands, placed.product), placed, slant + generator.normal(0, 0.05))
    _hide_some(stage, bays, plan.pixels_per_centimetre, generator)
    return _take(stage, random_view(*size, generator), size, generator)


def _paint(stage: Stage, bay: Bay, fittings: Fittings, generator: np.random.Generator) -> None:
    """Paint wall, board and price tags of one bay, before its packages."""
    paint_bay(stage.canvas, bay.top, bay.board, fittings)
    paint_board(stage.canvas, bay.board, bay.depth, bay.front, fittings)
    stage.cover_rows(bay.top, bay.board + bay.depth + bay.front)
    for x in bay.tags:
        paint_tag(stage.canvas, x, bay.board + bay.depth + bay.front // 8, round(0.72 * bay.front), fittings, generator)


def _hide_some(stage: Stage, bays: list[Bay], scale: float, generator: np.random.Generator) -> None:
    """Draw flags on some photos, a hanging card on some, an arm on a few."""
    if generator.random() < 0.5:
        for bay in bays:
            hang_flags(stage, bay.board + bay.depth, scale, generator)
    if generator.random() < 0.25:
        hang_sign(stage, bays[int(generator.integers(len(bays)))].top, scale, generator)
    if generator.random() < 0.12:
        reach_in(stage, generator)


def _take(stage: Stage, view: Matrix, size: tuple[int, int], generator: np.random.Generator) -> Photo:
    """Look at the stage through the camera, and list what can be seen."""
    owners = np.asarray(look(Image.fromarray(stage.owners), view, size, Image.Resampling.NEAREST))
    boxes, visible = _boxes(stage, owners, view)
    listed = np.flatnonzero((visible >= LEAST_VISIBLE) & _tellable(stage, owners, view))
    listed = listed[np.lexsort((boxes[listed, 0], boxes[listed, 1].round(-1)))]
    products = np.asarray(stage.products, np.int64)[listed]
    glints = _glints(boxes[listed], generator)
    picture = look(stage.canvas, view, size, Image.Resampling.BICUBIC)
    return Photo(expose(picture, owners >= 0, glints, generator), boxes[listed], products)


def _boxes(stage: Stage, owners: NDArray[np.int32], view: Matrix) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return boxes of all packages, clipped to the photo, and which fraction of each package the photo shows."""
    corners: Matrix = np.stack(stage.corners)
    seen_corners = apply(np.linalg.inv(view).astype(np.float64), corners)
    height, width = owners.shape
    low, high = seen_corners.min(axis=1), seen_corners.max(axis=1)
    boxes = np.concatenate([low, high], axis=1).clip(0, (width, height, width, height)).astype(np.float32)
    counted = np.bincount(owners[owners >= 0].ravel(), minlength=len(corners))
    # The view enlarges or shrinks a package, so its area is compared at the size it has in the photo.
    whole = np.asarray(stage.areas) * polygon_areas(seen_corners) / polygon_areas(corners)
    return boxes, counted / np.maximum(whole, 1)


def _tellable(stage: Stage, owners: NDArray[np.int32], view: Matrix) -> NDArray[np.bool_]:
    """Return which packages show some of their picture and some of their word; no one could name the others."""
    corners: Matrix = np.stack(stage.corners)[:, None, None]
    across = np.array(TELLING_COLUMNS)[None, None, :, None]
    down = np.array(TELLING_ROWS)[None, :, None, None]
    upper = corners[..., 0, :] * (1 - across) + corners[..., 1, :] * across
    lower = corners[..., 3, :] * (1 - across) + corners[..., 2, :] * across
    spots = np.floor(apply(np.linalg.inv(view).astype(np.float64), upper * (1 - down) + lower * down)).astype(np.intp)
    x, y = spots[..., 0], spots[..., 1]
    height, width = owners.shape
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    shown = owners[y.clip(0, height - 1), x.clip(0, width - 1)] == np.arange(len(spots))[:, None, None]
    return (inside & shown).any(axis=2).all(axis=1)


def _glints(boxes: NDArray[np.float32], generator: np.random.Generator) -> NDArray[np.float64]:
    """Return places of glare on about every fifth package, shape (n, 2)."""
    shiny = boxes[generator.random(len(boxes)) < 0.2].astype(np.float64)
    inside = generator.uniform(0.15, 0.85, (len(shiny), 2))
    return shiny[:, :2] + inside * (shiny[:, 2:] - shiny[:, :2])
