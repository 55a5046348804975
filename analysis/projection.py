"""The linear projection in which classes lie far apart for how far they spread: a start for training an embedding."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from analysis.within_class import class_means, within_class_covariance


def discriminant_projection(
    rows: NDArray[np.float64], labels: NDArray[np.int64], dimensions: int, shrinkage: float = 1.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit Fisher's linear discriminants.

    The spread within a class counts with the root of the class's size, so that neither a few large classes nor many
    small ones decide alone. It is shrunk strongly: classes of a few crops say little about spread, and what is meant
    for new classes must not fit the known ones too closely.

    Args:
        rows: Feature vectors (n, f).
        labels: Class of each (n,), any integers; at least two classes, one of them with two rows.
        dimensions: Directions kept, at most f.
        shrinkage: Part of the mean variance that is added to every direction's variance, above 0.

    Returns:
        The mean of the class means (f,), and the directions (f, dimensions): the most telling first, the classes'
        spread in each about 1. ``(rows - mean) @ directions`` are the projected rows.

    Raises:
        ValueError: If there is nothing to tell apart or an argument is out of its range.

    References:
        Fisher, The use of multiple measurements in taxonomic problems, 1936.
        Friedman, Regularized discriminant analysis, 1989.
    """
    if shrinkage <= 0 or not 1 <= dimensions <= rows.shape[1]:
        raise ValueError(
            f"shrinkage must be above 0 and dimensions within 1..{rows.shape[1]}, got {shrinkage} and {dimensions}"
        )
    sizes = np.unique(labels, return_counts=True)[1]
    if len(sizes) < 2 or sizes.max() < 2:
        raise ValueError(f"discriminants need two classes and one of two rows, got {len(sizes)} classes of {sizes[:5]}")
    means, within = class_means(rows, labels), within_class_covariance(rows, labels)
    # Classes of equal rows spread nowhere: then all directions count alike.
    spread = np.trace(within) / len(within) or 1.0
    within += shrinkage * spread * np.eye(len(within))
    centre = means.mean(axis=0)
    between = np.cov((means - centre).T)
    _, directions = eigh(between, within)
    return centre, directions[:, ::-1][:, :dimensions]
