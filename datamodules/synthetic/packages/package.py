"""A package as a picture with transparency: a shape, the print on it, light and shine."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from datamodules.synthetic.packages.catalogue import Brand, Catalogue, Product
from datamodules.synthetic.packages.flat_forms import carton_surface, gable_surface, pouch_surface
from datamodules.synthetic.packages.label import print_label
from datamodules.synthetic.packages.palette import Colour
from datamodules.synthetic.packages.round_forms import TURNED, turned_surface
from datamodules.synthetic.packages.surface import Field, Surface

PIXELS_PER_CENTIMETRE = 15
OVERSAMPLING = 2
METAL: Colour = (196, 198, 204)
FLAT: dict[str, Callable[[int, int], Surface]] = {
    "carton": carton_surface, "gable": gable_surface, "pouch": pouch_surface,
}  # fmt: skip


def draw_package(catalogue: Catalogue, label: int) -> Image.Image:
    """Draw one product from the front.

    Args:
        catalogue: What is sold.
        label: Position of the product in the catalogue.

    Returns:
        RGBA picture, `PIXELS_PER_CENTIMETRE` pixels to the centimetre.
    """
    product = catalogue.products[label]
    brand = catalogue.brands[product.brand]
    width, height = (round(side * PIXELS_PER_CENTIMETRE) for side in (product.width, product.height))
    return paint(brand, product, width * OVERSAMPLING, height * OVERSAMPLING).reduce(OVERSAMPLING)


def paint(brand: Brand, product: Product, width: int, height: int) -> Image.Image:
    """Put the print on the shape and light it; returns an RGBA picture of the given size."""
    surface = turned_surface(brand.form, width, height) if brand.form in TURNED else FLAT[brand.form](width, height)
    printed = (surface.down >= 0) & (surface.down < 1) & (surface.across >= 0) & (surface.across < 1)
    sheet = print_label(brand, product, width, max(8, round(height * _label_fraction(surface.down))))
    colour = np.where(printed[..., None], _look_up(np.asarray(sheet), surface), _ground(brand, surface))
    lit = colour * surface.light[..., None] + 255 * surface.shine[..., None]
    pixels = np.concatenate([np.clip(lit, 0, 255), 255 * surface.cover[..., None]], axis=2)
    return Image.fromarray(pixels.astype(np.uint8))


def _label_fraction(down: Field) -> float:
    """Return how much of the package's height the label takes."""
    middle = down[:, down.shape[1] // 2]
    return float(np.mean((middle >= 0) & (middle < 1)))


def _look_up(sheet: NDArray[np.uint8], surface: Surface) -> Field:
    """Return the colour of the print at every pixel of the surface, shape (height, width, 3)."""
    rows = (np.clip(surface.down, 0, 0.9999) * sheet.shape[0]).astype(np.intp)
    columns = (np.clip(surface.across, 0, 0.9999) * sheet.shape[1]).astype(np.intp)
    return sheet[rows, columns].astype(np.float32)


def _ground(brand: Brand, surface: Surface) -> Field:
    """Return the unprinted package: lid and body, shape (height, width, 3)."""
    body = METAL if brand.form == "can" else brand.body
    lid = METAL if brand.form == "can" else brand.lid
    lid_weight = surface.lid[..., None]
    return (np.asarray(lid, np.float32) * lid_weight + np.asarray(body, np.float32) * (1 - lid_weight)).astype(
        np.float32
    )
