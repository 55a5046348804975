"""Which rows are equal, without sorting the rows themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_CHUNK = 4096


def distinct_rows(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Find the rows that differ in at least one entry; 0.0 and -0.0 are the same.

    Args:
        rows: shape (n, d), finite, n and d at least 1.

    Returns:
        The different rows in the order in which they first appear, a new array; and which of them each row is, (n,).
    """
    plain = np.add(rows, 0.0, order="C")
    _, first, inverse = np.unique(_keys(plain), return_index=True, return_inverse=True)
    later = np.flatnonzero(first[inverse] != np.arange(len(rows)))
    if later.size == 0:
        return plain, np.arange(len(rows))
    if not np.array_equal(plain[later], plain[first[inverse[later]]]):
        # Different rows with the same key: once in 10^9 times for 200,000 rows.
        _, first, inverse = np.unique(plain, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return plain[first[order]], np.argsort(order)[inverse.reshape(-1)]


def _keys(rows: NDArray[np.float64]) -> NDArray[np.uint64]:
    """A number for each row, the same for equal rows: the sum of its entries' bits times odd numbers."""
    factors = np.random.default_rng(0).integers(0, 2**63, rows.shape[1], dtype=np.uint64) * 2 + 1
    keys = np.empty(len(rows), dtype=np.uint64)
    for start in range(0, len(rows), _CHUNK):
        bits = rows[start : start + _CHUNK].view(np.uint64)
        # Round numbers have all their bits at the upper end, where a product would lose them.
        keys[start : start + _CHUNK] = (bits ^ (bits >> 32)) @ factors
    return keys
