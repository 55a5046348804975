"""Agreement of two groupings corrected for chance: the adjusted Rand index and the adjusted mutual information.

scikit-learn has both; loading it would take half a second of a training's first epoch, and its checks of labels most of
the time of small photos. The tests hold the results to scikit-learn's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]


def adjusted_rand(shared: Counts, products: Counts, clusters: Counts) -> float:
    """Rand index of pairs, 1 for equal groupings and 0 on average for random ones of the same sizes.

    Args:
        shared: shape (k,), items that a product and a cluster share, for each pair that shares any.
        products: shape (p,), items of each product.
        clusters: shape (c,), items of each cluster.

    References:
        Hubert and Arabie, Comparing partitions, 1985.
    """
    right, true, claimed = (float((sizes * (sizes - 1) / 2).sum()) for sizes in (shared, products, clusters))
    if right == true == claimed:
        return 1.0
    num_items = float(products.sum())
    by_chance = true * claimed / (num_items * (num_items - 1) / 2)
    return (right - by_chance) / ((true + claimed) / 2 - by_chance)


def adjusted_mutual_information(
    shared: Counts, rows: NDArray[np.integer], columns: NDArray[np.integer], products: Counts, clusters: Counts
) -> float:
    """Mutual information above chance, relative to the mean entropy above chance; 1 for equal groupings.

    Args:
        shared: shape (k,), items that a product and a cluster share, for each pair that shares any.
        rows: shape (k,), the product of each pair.
        columns: shape (k,), the cluster of each pair.
        products: shape (p,), items of each product.
        clusters: shape (c,), items of each cluster.

    References:
        Vinh, Epps and Bailey, Information theoretic measures for clusterings comparison, 2010.
    """
    # Equal groupings; those of one item or of single items only would be 0 / 0 below.
    if len(shared) == len(products) == len(clusters):
        return 1.0
    if len(products) == 1 or len(clusters) == 1:
        return 0.0
    num_items = products.sum()
    information = (shared / num_items * np.log(num_items * shared / (products[rows] * clusters[columns]))).sum()
    expected = _expected_information(products, clusters)
    entropy = (_entropy(products) + _entropy(clusters)) / 2
    return float((information - expected) / (entropy - expected))


def _entropy(sizes: Counts) -> float:
    shares = sizes / sizes.sum()
    return float(-(shares * np.log(shares)).sum())


def _expected_information(products: Counts, clusters: Counts) -> float:
    """Returns the mean mutual information of all groupings with these sizes, products and clusters at random."""
    num_items = int(products.sum())
    factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, num_items + 1)))])
    widths, num_widths = np.unique(clusters.astype(int), return_counts=True)
    expected = 0.0
    for height, num_heights in zip(*np.unique(products.astype(int), return_counts=True), strict=True):
        # (1, n) against (w, 1): how many items a product and a cluster may share.
        overlap = np.arange(1, min(height, widths[-1]) + 1)[None]
        width = widths[:, None]
        outside = num_items - height - width + overlap
        possible = (overlap <= width) & (outside >= 0)
        chance = np.exp(
            factorial[height]
            + factorial[width]
            + factorial[num_items - height]
            + factorial[num_items - width]
            - factorial[num_items]
            - factorial[overlap]
            - factorial[height - overlap]
            - factorial[np.maximum(width - overlap, 0)]
            - factorial[np.maximum(outside, 0)],
            where=possible,
            out=np.zeros(possible.shape),
        )
        information = overlap / num_items * np.log(num_items * overlap / (height * width))
        expected += num_heights * float(num_widths @ (chance * information).sum(1))
    return expected
