"""The likeliest nearest neighbours among many vectors, in the memory of one block of similarities.

One matrix product per block gives all similarities, and finding the largest of a row is cheap, but finding the largest
ten is not. So the columns are dealt into segments, and of each segment only the largest counts: with the columns in
random order, a row's first dozen neighbours mostly lie in segments of their own. The runners-up of the segments say
what may have been missed: nothing that was left out is more similar than the best of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.threads import for_each

NUM_SEGMENTS = 192
# A block of 256 x 1024 single-precision similarities, a megabyte, stays in the cache of a processor's core.
BLOCK_ROWS = 256
BLOCK_COLUMNS = 1024


def rounding_error(num_dimensions: int) -> float:
    """Bound the error of a single-precision dot product of two vectors that are no longer than 1."""
    # Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1; both vectors are rounded once too.
    return (num_dimensions + 4) * 2.0**-23


def knn_candidates(
    queries: NDArray[np.float32], columns: NDArray[np.float32], own: NDArray[np.int64], length: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find columns that are very similar to each query, its nearest one nearly always among them.

    Args:
        queries: Shape (q, d), rows no longer than 1.
        columns: Shape (k, d), rows no longer than 1, in random order.
        own: Shape (q,), the column that is left out for the query; -1 for none.
        length: At most so many columns per query.

    Returns:
        Their indices, shape (q, length), padded with -1 and in no order; and, shape (q,), a similarity that no other
        column exceeds, -inf if there is no other. Rounding is allowed for.
    """
    num_columns, num_dimensions = columns.shape
    segment = int(np.clip(-(-num_columns // NUM_SEGMENTS), 4, BLOCK_COLUMNS))
    width = min(BLOCK_COLUMNS // segment, -(-num_columns // segment)) * segment
    padded = np.zeros((-(-num_columns // width) * width, num_dimensions), dtype=np.float32)
    padded[:num_columns] = columns
    found = np.full((len(queries), length), -1, dtype=np.int64)
    bound = np.full(len(queries), -np.inf)

    def search(start: int) -> None:
        block = slice(start, start + BLOCK_ROWS)
        best = _best_of_segments(queries[block], padded, own[block], num_columns, width, segment)
        found[block], bound[block] = _largest(*best, length)

    for_each(search, range(0, len(queries), BLOCK_ROWS))
    return found, bound + rounding_error(num_dimensions)


def _best_of_segments(
    queries: NDArray[np.float32],
    padded: NDArray[np.float32],
    own: NDArray[np.int64],
    num_columns: int,
    width: int,
    segment: int,
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32]]:
    """Return similarity and index of the best column of each segment, both (q, s), and the best runner-up, (q,)."""
    num_queries, per_block = len(queries), width // segment
    best = np.empty((num_queries, len(padded) // segment), dtype=np.float32)
    where = np.empty(best.shape, dtype=np.int64)
    runner_up = np.full(num_queries, -np.inf, dtype=np.float32)
    similarity = np.empty((num_queries, width), dtype=np.float32)
    segments = similarity.reshape(-1, segment)
    each, every_query = np.arange(len(segments)), np.arange(num_queries)
    for start in range(0, len(padded), width):
        np.matmul(queries, padded[start : start + width].T, out=similarity)
        similarity[:, max(num_columns - start, 0) :] = -np.inf
        inside = (own >= start) & (own < start + width)
        similarity[every_query[inside], own[inside] - start] = -np.inf
        first = start // segment
        position = segments.argmax(axis=1)
        best[:, first : first + per_block] = segments[each, position].reshape(num_queries, per_block)
        column = (each * segment + position) % width + start
        where[:, first : first + per_block] = column.reshape(num_queries, per_block)
        segments[each, position] = -np.inf
        np.maximum(runner_up, similarity.max(axis=1), out=runner_up)
    return best, where, runner_up


def _largest(
    best: NDArray[np.float32], where: NDArray[np.int64], runner_up: NDArray[np.float32], length: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Keep of the segments' best the largest and lower nothing: what is dropped counts as a runner-up."""
    if best.shape[1] > length:
        order = np.argpartition(best, -length - 1, axis=1)[:, -length - 1 :]
        runner_up = np.maximum(runner_up, np.take_along_axis(best, order[:, :1], axis=1)[:, 0])
        best = np.take_along_axis(best, order[:, 1:], axis=1)
        where = np.take_along_axis(where, order[:, 1:], axis=1)
    found = np.full((len(best), length), -1, dtype=np.int64)
    found[:, : best.shape[1]] = np.where(np.isneginf(best), -1, where)
    return found, runner_up
