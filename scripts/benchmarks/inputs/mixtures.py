"""Made-up embeddings of products that a network has not seen, hard in the ways in which real ones are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Real embeddings of unseen products vary along five directions or so.
SPECTRUM_DECAY = 2.5
FAMILY_SIZE = 4
# Crops of one product are near-duplicates within a photo; most of a product's variance lies between the photos.
VIEW_SIZE = 4
VIEW_VARIANCE = 0.6


def mixture(
    num_items: int, num_dimensions: int, seed: int, alike: float = 0.75
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Draw unit vectors around product centres.

    Product sizes follow Zipf's law, so that many products are single or in pairs. 60 % of the products are in families
    of look-alikes, a tenth of the items are bad crops, and some products vary more than others.

    Args:
        num_items: Number n of items.
        num_dimensions: Width d of the vectors.
        seed: Seed of all draws.
        alike: Typical cosine of two items of one product.

    Returns:
        Vectors (n, d) and the product of each, shape (n,), in random order.
    """
    generator = np.random.default_rng(seed)
    products = _products(num_items, generator)
    centres = _centres(int(products.max()) + 1, num_dimensions, generator)
    views = _views(products, generator)
    spread = np.sqrt(1 / alike - 1) * generator.uniform(0.7, 1.3, len(centres))[products]
    spread = np.where(generator.random(num_items) < 0.1, 1.6, 1.0) * spread
    rows = np.sqrt(1 - VIEW_VARIANCE) * _noise(num_items, num_dimensions, generator)
    rows += np.sqrt(VIEW_VARIANCE) * _noise(int(views.max()) + 1, num_dimensions, generator)[views]
    rows *= spread[:, None]
    rows += centres[products]
    order = generator.permutation(num_items)
    return _unit(rows)[order].astype(np.float32), products[order]


def _products(num_items: int, generator: np.random.Generator) -> NDArray[np.int64]:
    # Without a largest size a single product would take all items, because this law has no mean.
    sizes = np.minimum(generator.zipf(1.6, num_items), int(np.sqrt(num_items)))
    return np.repeat(np.arange(num_items), sizes)[:num_items]


def _centres(num_products: int, num_dimensions: int, generator: np.random.Generator) -> NDArray[np.float64]:
    scale = np.exp(-np.arange(num_dimensions) / (2 * SPECTRUM_DECAY))
    centres = _unit(generator.normal(size=(num_products, num_dimensions)) * scale)
    family = generator.integers(0, max(num_products // FAMILY_SIZE, 1), num_products)
    has_family = generator.random(num_products) < 0.6
    parents = _unit(generator.normal(size=(num_products, num_dimensions)) * scale)
    return _unit(np.where(has_family[:, None], parents[family] + 0.6 * centres, centres))


def _views(products: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
    num_views = -(-np.bincount(products) // VIEW_SIZE)
    view = (generator.random(len(products)) * num_views[products]).astype(np.int64)
    return np.unique(np.column_stack([products, view]), axis=0, return_inverse=True)[1].reshape(-1)


def _noise(count: int, num_dimensions: int, generator: np.random.Generator) -> NDArray[np.float64]:
    return generator.normal(size=(count, num_dimensions)) / np.sqrt(num_dimensions)


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
