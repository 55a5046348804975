"""Distances between embeddings."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist, pdist, squareform

# Our name of a metric -> the name scipy knows; cosine is computed here.
_SCIPY_NAMES = {"euclidean": "euclidean", "manhattan": "cityblock"}
METRICS = ("cosine", *_SCIPY_NAMES)


def pairwise_distance(embeddings: ArrayLike, metric: str) -> NDArray[np.float64]:
    """Return the distance of every pair of rows, computed in float64 because hdbscan takes nothing else.

    Args:
        embeddings: Shape (n, d), finite.
        metric: "cosine" (1 - cos, in [0, 2]), "euclidean" or "manhattan".

    Returns:
        Shape (n, n): symmetric, never negative, zeros on the diagonal.

    Raises:
        ValueError: If the metric is unknown, or the embeddings are not 2-D or not finite.
    """
    check_metric(metric)
    rows = check_embeddings(embeddings)
    if metric == "cosine":
        return _cosine_distance(rows)
    if len(rows) < 2:
        return np.zeros((len(rows), len(rows)))
    return np.asarray(squareform(pdist(rows, _SCIPY_NAMES[metric])))


def cross_distance(first: ArrayLike, second: ArrayLike, metric: str) -> NDArray[np.float64]:
    """Return the distance of every row of one table (n, d) from every row of another (m, d), shape (n, m)."""
    one, two = check_embeddings(first), check_embeddings(second)
    if check_metric(metric) != "cosine":
        return np.asarray(cdist(one, two, _SCIPY_NAMES[metric]))
    unit = normalize_rows(np.concatenate([one, two]))
    return np.asarray(np.clip(1.0 - unit[: len(one)] @ unit[len(one) :].T, 0.0, 2.0))


def check_metric(metric: str) -> str:
    """Return the metric's name, or raise a ValueError that lists the known ones."""
    if metric not in METRICS:
        raise ValueError(f"metric must be one of {', '.join(METRICS)}, got {metric!r}")
    return metric


def check_embeddings(embeddings: ArrayLike) -> NDArray[np.float64]:
    """Return the embeddings as float64, or raise a ValueError that names the first bad row."""
    rows = np.asarray(embeddings, dtype=np.float64)
    if rows.ndim != 2 or (len(rows) > 0 and rows.shape[1] == 0):
        raise ValueError(f"embeddings must be of shape (n, d) with d at least 1, got shape {rows.shape}")
    bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
    if bad.size:
        raise ValueError(f"embeddings must be finite, got {rows[bad[0]]} in row {bad[0]} ({bad.size} such rows)")
    return rows


def normalize_rows(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale every row to length 1, so that the cosine of two rows is their dot product.

    Zero rows have no direction. They get one of their own in an added column, which puts them at distance 0 from each
    other and at distance 1 from all other rows.

    Args:
        rows: Shape (n, d), finite.

    Returns:
        A new array of shape (n, d), or (n, d + 1) if there is a zero row.
    """
    # Dividing by the largest entry first keeps the squares of huge and of tiny rows from over- and underflowing.
    peak = np.abs(rows).max(axis=1, keepdims=True, initial=0.0)
    scaled = np.divide(rows, peak, out=np.zeros(rows.shape), where=peak > 0)
    is_zero = peak == 0
    unit: NDArray[np.float64] = np.hstack([scaled, is_zero]) if is_zero.any() else scaled
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    return unit


def _cosine_distance(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    unit = normalize_rows(rows)
    distance = 1.0 - unit @ unit.T
    distance = np.clip((distance + distance.T) / 2, 0.0, 2.0)
    np.fill_diagonal(distance, 0.0)
    return distance
