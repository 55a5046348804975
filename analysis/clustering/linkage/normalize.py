"""Embeddings as unit vectors, so that cosine similarity is a dot product."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def normalize_rows(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale every row to length 1.

    Zero rows have no direction. They get one of their own in an added column, which makes them alike to each other and
    at distance 1 from all others, as in `pairwise_distance`.

    Args:
        rows: shape (n, d), finite.

    Returns:
        Shape (n, d), or (n, d + 1) if there is a zero row.
    """
    # Dividing by the largest entry first keeps the squares of huge and of tiny rows from over- and underflowing.
    peak = np.abs(rows).max(axis=1, keepdims=True, initial=0.0)
    unit = np.divide(rows, peak, out=np.zeros_like(rows), where=peak > 0)
    is_zero = peak == 0
    if is_zero.any():
        unit = np.hstack([unit, is_zero])
    unit /= np.sqrt(np.einsum("nd,nd->n", unit, unit))[:, None]
    return unit
