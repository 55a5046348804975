"""How often the nearest crop of another photo shows the same product."""

import numpy as np
from numpy.typing import NDArray

from analysis.even_sample import even_sample

# The similarities of so many crops take 36 MB.
MOST_CROPS = 3000


def nearest_neighbour_accuracy(
    embeddings: NDArray[np.float32], products: NDArray[np.str_], photos: NDArray[np.str_]
) -> float:
    """Return the share of crops whose most similar crop of another photo is of their product.

    Args:
        embeddings: Rows (n, d), compared by their cosine; of very many an even sample is taken.
        products: Product of each (n,).
        photos: Photo of each (n,); empty where it is not known: such a crop is a photo of its own.

    Returns:
        NaN where no product is in two photos; crops of products in one photo alone are not asked about.
    """
    chosen = even_sample(len(embeddings), MOST_CROPS)
    rows, products, photos = embeddings[chosen].astype(np.float32), products[chosen], photos[chosen]
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    other = (photos[:, None] != photos) | ((photos == "") & ~np.eye(len(photos), dtype=bool))
    asked = ((products[:, None] == products) & other).any(axis=1)
    if not asked.any():
        return float("nan")
    nearest = np.where(other, rows @ rows.T, -np.inf).argmax(axis=1)
    return float((products[nearest] == products)[asked].mean())
