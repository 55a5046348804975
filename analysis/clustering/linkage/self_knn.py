"""The likeliest nearest neighbours of many vectors among themselves, from one product per pair.

The similarity of two vectors counts for either of them, so each block of similarities is computed once and read along
its rows and along its columns. The vectors are dealt into segments, and of a block only the largest similarity of every
vector to every segment is kept; where it was is not looked for. Few segments can hold one of a vector's nearest, and
only with those it is compared again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.clustering.linkage.knn import NUM_SEGMENTS, rounding_error
from analysis.threads import for_each

# A block of 512 x 512 single-precision similarities, a megabyte, stays in the cache of a processor's core.
BLOCK_ROWS = 512
# Rows whose best segments are selected at a time.
SELECTION_ROWS = 4096


def self_knn_candidates(
    rows: NDArray[np.float32], length: int, floor: float = -np.inf
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find rows that are very similar to each row, its nearest one nearly always among them.

    Time grows with n^2 d; memory with n times the number of segments, of which there are 192 to 384.

    Args:
        rows: Shape (n, d), no longer than 1, in random order.
        length: At most so many others per row.
        floor: Rows less similar than this need not be found; a higher one saves time.

    Returns:
        Their indices, shape (n, length), padded with -1 and in no order; and, shape (n,), a similarity that no other
        row exceeds, -inf if there is no other. Rounding is allowed for.
    """
    segment = max(4, -(-len(rows) // NUM_SEGMENTS))
    if segment > BLOCK_ROWS:
        segment -= segment % BLOCK_ROWS
    error = rounding_error(rows.shape[1])
    # Twice the error lower, so that the bound on what is left out for the floor's sake stays below the floor.
    segments, bound = _best_segments(_similarity_to_segments(rows, segment), length, floor - 2 * error)
    found, runner_up = _search_segments(rows, segments, segment)
    return found, np.maximum(bound, runner_up).astype(np.float64) + error


def _similarity_to_segments(rows: NDArray[np.float32], segment: int) -> NDArray[np.float32]:
    """Return the similarity of each row to the nearest other row of each segment, shape (n, s)."""
    num_rows = len(rows)
    best = np.full((num_rows, -(-num_rows // segment)), -np.inf, dtype=np.float32)
    # A block holds whole segments, or a segment whole blocks.
    width = max(BLOCK_ROWS // segment, 1) * min(segment, BLOCK_ROWS)
    step = max(width, segment)

    def compare(start: int) -> None:
        buffer = np.empty((width, width), dtype=np.float32)
        for top in range(start, min(start + step, num_rows), width):
            for left in range(top, num_rows, width):
                above, below = rows[top : top + width], rows[left : left + width]
                similarity = np.matmul(above, below.T, out=buffer[: len(above), : len(below)])
                if left == top:
                    np.fill_diagonal(similarity, -np.inf)
                else:
                    by_column = similarity.reshape(-1, min(segment, width), len(below)).max(axis=1)
                    _raise_to(best[left : left + width, top // segment :], by_column.T)
                by_row = np.maximum.reduceat(similarity, np.arange(0, len(below), segment), axis=1)
                _raise_to(best[top : top + width, left // segment :], by_row)

    # The work on one start writes what no other does: the cells of its rows and those of its segments.
    for_each(compare, range(0, num_rows, step))
    return best


def _raise_to(cells: NDArray[np.float32], values: NDArray[np.float32]) -> None:
    """Raise the first columns of the cells to the values."""
    cells = cells[:, : values.shape[1]]
    np.maximum(cells, values, out=cells)


def _best_segments(
    best: NDArray[np.float32], length: int, floor: float
) -> tuple[NDArray[np.int16], NDArray[np.float32]]:
    """Return the most similar segments above the floor, (n, length), else -1; and the best of the others, (n,)."""
    chosen = np.full((len(best), length), -1, dtype=np.int16)
    bound = np.full(len(best), -np.inf, dtype=np.float32)

    def choose(start: int) -> None:
        part = slice(start, start + SELECTION_ROWS)
        similarity = best[part]
        order = np.argsort(-similarity, axis=1)[:, : length + 1]
        similarity = np.take_along_axis(similarity, order, axis=1)
        is_chosen = similarity > floor
        is_chosen[:, length:] = False
        bound[part] = np.where(is_chosen, -np.inf, similarity).max(axis=1)
        order, is_chosen = order[:, :length], is_chosen[:, :length]
        chosen[part, : order.shape[1]] = np.where(is_chosen, order, -1)

    for_each(choose, range(0, len(best), SELECTION_ROWS))
    return chosen, bound


def _search_segments(
    rows: NDArray[np.float32], segments: NDArray[np.int16], segment: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the nearest row in each of these segments, same shape, else -1; and the best runner-up, (n,)."""
    length = segments.shape[1]
    found = np.full(segments.size, -1, dtype=np.int64)
    runner_up = np.full(segments.size, -np.inf, dtype=np.float32)
    entries = np.argsort(segments, axis=None, kind="stable")
    starts = np.searchsorted(segments.ravel()[entries], np.arange(-(-len(rows) // segment) + 1))

    def search(index: int) -> None:
        first = index * segment
        members = rows[first : first + segment]
        for start in range(starts[index], starts[index + 1], BLOCK_ROWS):
            asking = entries[start : min(start + BLOCK_ROWS, starts[index + 1])]
            own = asking // length - first
            each = np.arange(len(asking))
            similarity = rows[asking // length] @ members.T
            is_inside = (own >= 0) & (own < len(members))
            similarity[each[is_inside], own[is_inside]] = -np.inf
            nearest = similarity.argmax(axis=1)
            found[asking] = first + nearest
            similarity[each, nearest] = -np.inf
            runner_up[asking] = similarity.max(axis=1)

    for_each(search, range(len(starts) - 1))
    return found.reshape(segments.shape), runner_up.reshape(segments.shape).max(axis=1)
