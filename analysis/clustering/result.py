"""What every clusterer returns.

A label is 0..k-1, numbered by decreasing cluster size and then by the first member's index; -1 is 'in no cluster'.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class ClusteringResult:
    """The grouping of n items.

    Attributes:
        labels: Shape (n,), cluster of each item, -1 for an item in no cluster.
        passes: Shape (n,), which pass placed the item: 0 none, 1 the first, 2 the second.
        confidence: Shape (n,), in [0, 1]; how firmly the item belongs to its cluster, 0 for an item in none.

    Raises:
        ValueError: If the arrays do not describe one grouping numbered as the module says.
    """

    labels: NDArray[np.int64]
    passes: NDArray[np.int8]
    confidence: NDArray[np.float32]

    def __post_init__(self) -> None:
        _check_types(self)
        _check_values(self)

    @classmethod
    def from_raw(cls, labels: ArrayLike, passes: ArrayLike, confidence: ArrayLike) -> ClusteringResult:
        """Build a clustering from labels numbered in any way.

        Args:
            labels: Shape (n,), any integers; negative means 'in no cluster'.
            passes: Shape (n,); ignored (set to 0) for items in no cluster.
            confidence: Shape (n,), clipped into [0, 1]; ignored (set to 0) for items in no cluster.
        """
        numbered = renumber(labels)
        placed = numbered >= 0
        return cls(
            labels=numbered,
            passes=np.where(placed, passes, 0).astype(np.int8),
            confidence=np.where(placed, np.clip(confidence, 0.0, 1.0), 0.0).astype(np.float32),
        )

    @property
    def num_clusters(self) -> int:
        """Number of clusters; items in no cluster do not count."""
        return int(self.labels.max(initial=-1)) + 1


def renumber(labels: ArrayLike) -> NDArray[np.int64]:
    """Number clusters 0..k-1 by decreasing size, then by first index; every negative label becomes -1.

    Args:
        labels: Shape (n,), any integers.
    """
    raw = np.asarray(labels, dtype=np.int64)
    numbered = np.full(raw.shape, -1, dtype=np.int64)
    placed = np.flatnonzero(raw >= 0)
    _, first, inverse, sizes = np.unique(raw[placed], return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    numbered[placed] = rank[inverse]
    return numbered


def _check_types(result: ClusteringResult) -> None:
    expected = {"labels": np.int64, "passes": np.int8, "confidence": np.float32}
    for name, dtype in expected.items():
        values = getattr(result, name)
        if values.dtype != dtype or values.shape != (len(result.labels),):
            raise ValueError(
                f"{name} must be {np.dtype(dtype)} of shape ({len(result.labels)},), "
                f"got {values.dtype} of shape {values.shape}; use ClusteringResult.from_raw to convert"
            )


def _check_values(result: ClusteringResult) -> None:
    if not np.array_equal(result.labels, renumber(result.labels)):
        raise ValueError(
            f"labels must be numbered by decreasing size, got {result.labels}; use ClusteringResult.from_raw"
        )
    if not np.isin(result.passes, (0, 1, 2)).all():
        raise ValueError(f"passes must be 0, 1 or 2, got {np.unique(result.passes)}")
    if not np.array_equal(result.passes == 0, result.labels == -1):
        raise ValueError("passes must be 0 exactly where labels are -1; use ClusteringResult.from_raw")
    # Written so that NaN fails too.
    if not ((result.confidence >= 0) & (result.confidence <= 1)).all():
        raise ValueError(f"confidence must lie in [0, 1], got {result.confidence}")
