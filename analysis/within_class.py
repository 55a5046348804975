"""In which directions products vary less than others differ: a transformation of embeddings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
    covariance = within_class_covariance(rows, products)
    total = float(np.trace(covariance))
    if total <= 1e-12:
        return np.eye(size)
    within = (1 - SHRINKAGE) * covariance / total + SHRINKAGE / size * np.eye(size)
    values, vectors = np.linalg.eigh(within)
    found = (vectors * values**-0.5) @ vectors.T
    return np.asarray(found / np.linalg.norm(found) * size**0.5)


def within_class_covariance(rows: NDArray[np.float64], classes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the covariance within classes (d, d); 0 where no class has two rows.

    A class counts with the root of its size, so that neither a few large classes nor many small ones decide alone.

    Args:
        rows: Shape (n, d).
        classes: Class of each row (n,), any integers.
    """
    _, places, sizes = np.unique(classes, return_inverse=True, return_counts=True)
    # A class of one row has no spread, and leaves none here.
    weights = np.sqrt(sizes) / np.maximum(sizes - 1, 1)
    rest = (rows - class_means(rows, classes)[places]) * np.sqrt(weights[places])[:, None]
    return np.asarray(rest.T @ rest / max(np.sqrt(sizes[sizes > 1]).sum(), 1.0))


def class_means(rows: NDArray[np.float64], classes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean of each class's rows (c, d), classes in ascending order."""
    _, places, sizes = np.unique(classes, return_inverse=True, return_counts=True)
    means = np.zeros((len(sizes), rows.shape[1]))
    np.add.at(means, places, rows)
    return np.asarray(means / sizes[:, None])
