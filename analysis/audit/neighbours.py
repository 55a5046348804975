"""Nearest neighbours on other photos, and the weakest cut of a graph of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import laplacian

BLOCK_ROWS = 1000


def foreign_neighbours(
    rows: NDArray[np.float64], groups: NDArray[np.int64], contents: NDArray[np.str_], count: int
) -> NDArray[np.int64]:
    """Return the nearest rows (n, count) on other photos and of other content; -1 where there are not so many.

    Args:
        rows: Points (n, d), compared by Euclidean distance.
        groups: Photo of each (n,).
        contents: Digest of each image (n,).
        count: Neighbours wanted.
    """
    content = np.unique(contents, return_inverse=True)[1]
    squares = (rows**2).sum(axis=1)
    found = []
    for start in range(0, len(rows), BLOCK_ROWS):
        part = slice(start, start + BLOCK_ROWS)
        distance = squares[None] - 2 * rows[part] @ rows.T
        kin = (groups[part, None] == groups[None]) | (content[part, None] == content[None])
        distance[kin] = np.inf
        nearest = np.argpartition(distance, min(count, len(rows) - 1), axis=1)[:, :count]
        order = np.argsort(np.take_along_axis(distance, nearest, axis=1), axis=1)
        nearest = np.take_along_axis(nearest, order, axis=1)
        found.append(np.where(np.isfinite(np.take_along_axis(distance, nearest, axis=1)), nearest, -1))
    return np.concatenate(found) if found else np.zeros((0, count), dtype=np.int64)


@dataclass(frozen=True)
class Cut:
    """A graph in two parts.

    Attributes:
        part: Mask of the smaller part (n,), among the points that have neighbours.
        connected: Mask of the points that have neighbours (n,).
        separation: 1 - conductance: 1 where no edge joins the parts, 0 where the smaller one has no edge inside.
    """

    part: NDArray[np.bool_]
    connected: NDArray[np.bool_]
    separation: float


def weakest_cut(neighbours: NDArray[np.int64], least: int) -> Cut | None:
    """Return the cut of least conductance along the second eigenvector of the neighbour graph's Laplacian.

    Args:
        neighbours: Rows of each point's neighbours (n, k), -1 for none.
        least: Points that each part must have.

    Returns:
        None where there are too few points to be cut.

    References:
        Shi and Malik, Normalized cuts and image segmentation, 2000.
    """
    graph = np.zeros((len(neighbours), len(neighbours)))
    source, place = np.nonzero(neighbours >= 0)
    graph[source, neighbours[source, place]] = 1
    graph = np.maximum(graph, graph.T)
    connected = graph.sum(axis=1) > 0
    graph = graph[np.ix_(connected, connected)]
    if len(graph) < 2 * least:
        return None
    degree = graph.sum(axis=1)
    vectors = np.linalg.eigh(laplacian(graph, normed=True))[1]
    order = np.argsort(vectors[:, 1] / np.sqrt(degree), kind="stable")
    inside = np.cumsum(degree[order])[:-1]
    # Twice the edges among the first t points, by adding point after point.
    sorted_graph = graph[np.ix_(order, order)]
    within = np.cumsum(2 * np.tril(sorted_graph, -1).sum(axis=1))[:-1]
    conductance = (inside - within) / np.minimum(inside, degree.sum() - inside)
    allowed = slice(least - 1, len(graph) - least)
    size = least + int(np.argmin(conductance[allowed]))
    chosen = order[:size] if size <= len(graph) / 2 else order[size:]
    part = np.zeros(len(connected), dtype=bool)
    part[np.flatnonzero(connected)[chosen]] = True
    return Cut(part, connected, float(1 - conductance[size - 1]))
