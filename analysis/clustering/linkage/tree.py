"""The dendrogram of average linkage, by the way that suits the number of rows."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform

from analysis.clustering.distance import check_embeddings, check_metric, normalize_rows, pairwise_distance
from analysis.clustering.linkage.average import matrix_free_average_linkage
from analysis.clustering.linkage.merge_tree import MergeTree

# Up to here the distance matrix is faster, see docs/speed.md; the groups are the same.
DENSE_LIMIT = 1500


def average_linkage_tree(embeddings: ArrayLike, metric: str, max_distance: float = math.inf) -> MergeTree:
    """Merge the two groups with the smallest mean distance between their members, again and again.

    Under the cosine distance many rows are merged without a distance matrix, hundreds of thousands of them; under the
    other metrics time and memory grow with n^2.

    Args:
        embeddings: Shape (n, d), finite.
        metric: "cosine", "euclidean" or "manhattan".
        max_distance: Merges beyond this distance may be missing, which saves time where there are many rows.

    Returns:
        At least all merges up to ``max_distance``.

    Raises:
        ValueError: If the metric is unknown, or the embeddings are not 2-D or not finite.

    References:
        Sokal and Michener, A statistical method for evaluating systematic relationships, 1958.
    """
    check_metric(metric)
    rows = check_embeddings(embeddings)
    if metric == "cosine" and len(rows) > DENSE_LIMIT:
        return matrix_free_average_linkage(normalize_rows(rows), max_distance)
    return tree_of_distances(pairwise_distance(rows, metric))


def tree_of_distances(distance: NDArray[np.float64]) -> MergeTree:
    """Build the whole tree of average linkage from a distance matrix of shape (n, n)."""
    num_items = len(distance)
    # SciPy refuses to merge a single item.
    merges = linkage(squareform(distance, checks=False), "average") if num_items > 1 else np.empty((0, 4))
    children, sizes = merges[:, :2].astype(np.int64), merges[:, 3].astype(np.int64)
    return MergeTree(num_items, children, merges[:, 2], sizes)
