"""The measures of agreement between two groupings; all are higher-is-better.

Labels may be any integers. Every negative label, true or predicted, is an item on its own.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
from sklearn.metrics.cluster import contingency_matrix

from analysis.labels import as_singletons


def bcubed(truth: ArrayLike, predicted: ArrayLike) -> tuple[float, float, float]:
    """Return BCubed precision, recall, and the harmonic mean of the two.

    Precision is the part of an item's cluster that is of the item's product, averaged over the items; recall is the
    part of the item's product that is in the item's cluster. An item counts for itself, so none is ever 0.

    Args:
        truth: Shape (n,), product of each item.
        predicted: Shape (n,), cluster of each item.

    References:
        Bagga and Baldwin, Entity-based cross-document coreferencing using the vector space model, 1998.
        Amigo et al., A comparison of extrinsic clustering evaluation metrics based on formal constraints, 2009.
    """
    return _bcubed(*_contingency(*check_labels(truth, predicted)))


def agreement_measures(products: NDArray[np.int64], clusters: NDArray[np.int64]) -> dict[str, float]:
    """Return every measure of agreement by name.

    Args:
        products: Shape (n,), product of each item, as ``check_labels`` returns it.
        clusters: Shape (n,), cluster of each item, as ``check_labels`` returns it.

    References:
        Hubert and Arabie, Comparing partitions, 1985 (ARI).
        Vinh, Epps and Bailey, Information theoretic measures for clusterings comparison, 2010 (AMI).
    """
    counts = _contingency(products, clusters)
    with warnings.catch_warnings():
        # Many products of one item are expected here.
        warnings.filterwarnings("ignore", "The number of unique classes")
        adjusted = {
            "ari": float(adjusted_rand_score(products, clusters)),
            "ami": float(adjusted_mutual_info_score(products, clusters)),
        }
    bcubed_names = ("bcubed_precision", "bcubed_recall", "bcubed_f")
    pairwise_names = ("pairwise_precision", "pairwise_recall", "pairwise_f")
    return (
        adjusted
        | dict(zip(bcubed_names, _bcubed(*counts), strict=True))
        | dict(zip(pairwise_names, _pairwise_scores(*counts), strict=True))
    )


def check_labels(truth: ArrayLike, predicted: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return both labellings with every negative label replaced by one of its own.

    Raises:
        ValueError: If there is nothing to score, or the shapes do not match.
    """
    products, clusters = np.asarray(truth), np.asarray(predicted)
    if products.ndim != 1 or products.shape != clusters.shape:
        raise ValueError(f"truth and predicted must be of one shape (n,), got {products.shape} and {clusters.shape}")
    if len(products) == 0:
        raise ValueError("truth and predicted must hold at least one item, got none; leave this photo out")
    return as_singletons(products), as_singletons(clusters)


def _contingency(
    products: NDArray[np.int64], clusters: NDArray[np.int64]
) -> tuple[coo_array, NDArray[np.float64], NDArray[np.float64]]:
    """Count the items of each product (row) in each cluster (column), with the sizes of both."""
    shared = coo_array(contingency_matrix(products, clusters, sparse=True, dtype=np.float64))
    return shared, shared.sum(axis=1), shared.sum(axis=0)


def _bcubed(
    shared: coo_array, products: NDArray[np.float64], clusters: NDArray[np.float64]
) -> tuple[float, float, float]:
    num_items = products.sum()
    precision = float((shared.data**2 / clusters[shared.col]).sum() / num_items)
    recall = float((shared.data**2 / products[shared.row]).sum() / num_items)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _pairwise_scores(
    shared: coo_array, products: NDArray[np.float64], clusters: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Return precision (NaN without a pair put together), recall (NaN without a pair that belongs together) and F.

    F is 1 where both are NaN, as every item is rightly alone, and 0 where only one is.
    """
    right, true, claimed = (float((sizes * (sizes - 1) / 2).sum()) for sizes in (shared.data, products, clusters))
    precision = right / claimed if claimed else float("nan")
    recall = right / true if true else float("nan")
    return precision, recall, 2 * right / (true + claimed) if true + claimed else 1.0
