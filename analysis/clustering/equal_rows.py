"""Equal embeddings are one product, whatever a clusterer makes of them.

Density methods call a handful of equal points noise, and break ties between equal distances by the order of the
points. Photos do hold such rows (copies of one crop), and splitting them can never be right. So every clusterer here
ends with this rule, and it goes before ``min_cluster_size``: two equal rows are a cluster of two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.labels import rows_by_label

# Rows whose keys are computed at a time, so that no second copy of all rows is needed.
_BLOCK_ROWS = 4096


def join_equal_rows(embeddings: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give all rows that are equal in every entry one label.

    Rows of which some are in a cluster all go to the cluster that holds most of them (the lower label on a tie); rows
    of which none is in a cluster become a new cluster. A row that this leaves alone in a cluster is in none.

    Args:
        embeddings: Shape (n, d).
        labels: Shape (n,), -1 for 'in no cluster'.

    Returns:
        Shape (n,), a new array.
    """
    joined = labels.copy()
    next_label = int(labels.max(initial=-1)) + 1
    _, inverse = distinct_rows(embeddings)
    repeated = np.flatnonzero(np.bincount(inverse)[inverse] > 1)
    for rows in rows_by_label(inverse[repeated]):
        members = repeated[rows]
        placed = labels[members][labels[members] >= 0]
        if placed.size:
            joined[members] = np.bincount(placed).argmax()
        else:
            joined[members] = next_label
            next_label += 1
    sizes = np.bincount(joined + 1)
    return np.where(sizes[joined + 1] > 1, joined, -1)


def distinct_rows(rows: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the rows that differ in at least one entry, without sorting the rows themselves; 0.0 and -0.0 are equal.

    Args:
        rows: Shape (n, d), finite.

    Returns:
        The first occurrence of each different row, ascending, shape (u,); and which of these each row equals, (n,).
    """
    _, first, inverse = np.unique(_keys(rows), return_index=True, return_inverse=True)
    later = np.flatnonzero(first[inverse] != np.arange(len(rows)))
    if not np.array_equal(rows[later], rows[first[inverse[later]]]):
        # Different rows with the same key: once in 10^9 times for 200,000 rows.
        _, first, inverse = np.unique(rows + 0.0, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return first[order], np.argsort(order)[inverse.reshape(-1)]


def _keys(rows: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Return a number for each row, the same for equal rows: the sum of its entries' bits times odd numbers."""
    factors = np.random.default_rng(0).integers(0, 2**63, rows.shape[1], dtype=np.uint64) * 2 + 1
    keys = np.empty(len(rows), dtype=np.uint64)
    for start in range(0, len(rows), _BLOCK_ROWS):
        # Adding 0.0 turns -0.0 into 0.0.
        bits = np.add(rows[start : start + _BLOCK_ROWS], 0.0, order="C").view(np.uint64)
        # Round numbers have all their bits at the upper end, where a product would lose them.
        keys[start : start + _BLOCK_ROWS] = (bits ^ (bits >> 32)) @ factors
    return keys
