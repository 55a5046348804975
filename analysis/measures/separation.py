"""How far the true products of a photo lie apart in an embedding, whatever the clustering makes of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analysis.clustering.confidence import separation_confidence


def true_separation(embeddings: ArrayLike, truth: ArrayLike, metric: str) -> float:
    """Return the mean silhouette, clipped at 0 for each item, over the items of products that occur more than once.

    Args:
        embeddings: Shape (n, d), finite.
        truth: Shape (n,), product of each item, -1 for none.
        metric: "cosine", "euclidean" or "manhattan".

    Returns:
        In [0, 1]; NaN without such products.
    """
    products = np.asarray(truth, dtype=np.int64)
    _, places, counts = np.unique(products, return_inverse=True, return_counts=True)
    several = (products >= 0) & (counts[places] > 1)
    if not several.any():
        return float("nan")
    return float(separation_confidence(embeddings, products, metric)[several].mean())
