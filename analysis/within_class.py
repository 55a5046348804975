"""In which directions products vary less than others differ: a transformation of embeddings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.labels import rows_by_label

# Share of the covariance that is replaced by a ball, as a store has few products with several items.
SHRINKAGE = 0.6


def normalize_within_class(rows: NDArray[np.float64], products: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the transformation (d, d) after which products spread more alike in all directions, of norm root d.

    It is within-class covariance normalisation (Hatch, Kajarekar and Stolcke, 2006), shrunk towards no change. A
    product counts with the root of its number of items.

    Args:
        rows: Embeddings (n, d).
        products: Product of each (n,).
    """
    size = rows.shape[1]
    groups = [rows[own] for own in rows_by_label(products) if len(own) > 1]
    rests = [(group - group.mean(axis=0)) * (len(group) ** 0.5 / (len(group) - 1)) ** 0.5 for group in groups]
    rest = np.concatenate([np.zeros((0, size)), *rests])
    total = float((rest**2).sum())
    if total <= 1e-12:
        return np.eye(size)
    within = (1 - SHRINKAGE) * rest.T @ rest / total + SHRINKAGE / size * np.eye(size)
    values, vectors = np.linalg.eigh(within)
    found = (vectors * values**-0.5) @ vectors.T
    return np.asarray(found / np.linalg.norm(found) * size**0.5)
