"""How well a grouping agrees with the true products.

Labels may be any integers. Every negative label, true or predicted, is an item on its own: it is replaced by a label
that nothing else has before anything is counted. All measures but the counts are higher-is-better.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.measures.adjusted_scores import adjusted_mutual_information, adjusted_rand

if TYPE_CHECKING:
    from scipy.sparse import coo_array

# What tables print above the measures, in their order.
SHORT_TITLES = {
    "ari": "ARI",
    "ami": "AMI",
    "bcubed_precision": "B P",
    "bcubed_recall": "B R",
    "bcubed_f": "B F",
    "pairwise_f": "pairs F",
    "singleton_recall": "single",
    "cluster_count_error": "count",
}


def as_singletons(labels: ArrayLike) -> NDArray[np.int64]:
    """Replace each negative label by a new label of its own.

    Args:
        labels: shape (n,), any integers.
    """
    own = np.array(labels, dtype=np.int64)
    alone = np.flatnonzero(own < 0)
    own[alone] = own.max(initial=-1) + 1 + np.arange(len(alone))
    return own


def bcubed(truth: ArrayLike, predicted: ArrayLike) -> tuple[float, float, float]:
    """BCubed precision, recall, and the harmonic mean of the two.

    Precision is the part of an item's cluster that is of the item's product, averaged over the items; recall is the
    part of the item's product that is in the item's cluster. An item counts for itself, so none is ever 0.

    Args:
        truth: shape (n,), product of each item.
        predicted: shape (n,), cluster of each item.

    References:
        Bagga and Baldwin, Entity-based cross-document coreferencing using the vector space model, 1998.
        Amigo et al., A comparison of extrinsic clustering evaluation metrics based on formal constraints, 2009.
    """
    shared, products, clusters = _contingency(*_check_labels(truth, predicted))
    num_items = products.sum()
    precision = float((shared.data**2 / clusters[shared.col]).sum() / num_items)
    recall = float((shared.data**2 / products[shared.row]).sum() / num_items)
    return precision, recall, 2 * precision * recall / (precision + recall)


def pairwise_scores(truth: ArrayLike, predicted: ArrayLike) -> tuple[float, float, float]:
    """Precision, recall and F of the pairs of items put together.

    Args:
        truth: shape (n,), product of each item.
        predicted: shape (n,), cluster of each item.

    Returns:
        Precision is NaN when no pair is put together and recall is NaN when no pair belongs together. F is 1 when both
        hold, as every item is rightly alone, and 0 when only one does.
    """
    shared, products, clusters = _contingency(*_check_labels(truth, predicted))
    right, true, claimed = (float((sizes * (sizes - 1) / 2).sum()) for sizes in (shared.data, products, clusters))
    precision = right / claimed if claimed else float("nan")
    recall = right / true if true else float("nan")
    return precision, recall, 2 * right / (true + claimed) if true + claimed else 1.0


def pairwise_f(truth: ArrayLike, predicted: ArrayLike) -> float:
    """F of the pairs of items put together; see `pairwise_scores`."""
    return pairwise_scores(truth, predicted)[2]


def grouping_measures(truth: ArrayLike, predicted: ArrayLike, subset: ArrayLike | None = None) -> dict[str, float]:
    """Every measure of one photo's grouping.

    Args:
        truth: shape (n,), product of each item.
        predicted: shape (n,), cluster of each item.
        subset: shape (n,), bool; score only these items, for instance those of products unseen in training. Whether an
            item is alone is still judged among all items.

    Returns:
        `ari`, `ami`, `bcubed_precision`, `bcubed_recall`, `bcubed_f`, `pairwise_precision`, `pairwise_recall`,
        `pairwise_f`; `singleton_recall`, the part of the products with one item whose item is left alone, NaN without
        such products; `num_clusters` and `num_products`, items on their own counted; `cluster_count_error`, clusters
        in excess over products, relative to products.

    Raises:
        ValueError: if there is nothing to score, or the shapes do not match.
    """
    products, clusters = _check_labels(truth, predicted)
    chosen = _check_subset(subset, len(products))
    singleton_recall = _singleton_recall(products, clusters, chosen)
    products, clusters = products[chosen], clusters[chosen]
    bcubed_names = ("bcubed_precision", "bcubed_recall", "bcubed_f")
    pairwise_names = ("pairwise_precision", "pairwise_recall", "pairwise_f")
    num_products, num_clusters = len(np.unique(products)), len(np.unique(clusters))
    return {
        **_adjusted_scores(products, clusters),
        **dict(zip(bcubed_names, bcubed(products, clusters), strict=True)),
        **dict(zip(pairwise_names, pairwise_scores(products, clusters), strict=True)),
        "singleton_recall": singleton_recall,
        "num_clusters": float(num_clusters),
        "num_products": float(num_products),
        "cluster_count_error": (num_clusters - num_products) / num_products,
    }


def mean_measures(measures: Sequence[dict[str, float]]) -> dict[str, float]:
    """Mean of each measure over photos, over those photos where it is defined (not NaN).

    Args:
        measures: one dictionary per photo, all with the same keys.

    Returns:
        NaN for a measure that no photo defines.

    Raises:
        ValueError: if there is no photo, or the keys differ.
    """
    if not measures:
        raise ValueError("measures must hold the measures of at least one photo, got none")
    if any(photo.keys() != measures[0].keys() for photo in measures):
        raise ValueError(f"measures must all have the same keys, got {[sorted(photo) for photo in measures]}")
    return {name: _mean_of_defined([photo[name] for photo in measures]) for name in measures[0]}


def _mean_of_defined(values: list[float]) -> float:
    defined = [value for value in values if not np.isnan(value)]
    return float(np.mean(defined)) if defined else float("nan")


def _adjusted_scores(products: NDArray[np.int64], clusters: NDArray[np.int64]) -> dict[str, float]:
    shared, heights, widths = _contingency(products, clusters)
    return {
        "ari": adjusted_rand(shared.data, heights, widths),
        "ami": adjusted_mutual_information(shared.data, shared.row, shared.col, heights, widths),
    }


def _singleton_recall(products: NDArray[np.int64], clusters: NDArray[np.int64], chosen: NDArray[np.bool_]) -> float:
    single_product = _is_alone(products) & chosen
    return float(_is_alone(clusters)[single_product].mean()) if single_product.any() else float("nan")


def _is_alone(labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    _, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return counts[inverse] == 1


def _contingency(
    products: NDArray[np.int64], clusters: NDArray[np.int64]
) -> tuple[coo_array, NDArray[np.float64], NDArray[np.float64]]:
    """Sparse counts of items per product (row) and cluster (column), with the sizes of both."""
    # Who only groups photos without labels should not wait for it.
    from scipy.sparse import coo_array

    _, rows = np.unique(products, return_inverse=True)
    _, columns = np.unique(clusters, return_inverse=True)
    shared = coo_array((np.ones(len(rows)), (rows, columns)))
    shared.sum_duplicates()
    return shared, np.bincount(rows).astype(float), np.bincount(columns).astype(float)


def _check_labels(truth: ArrayLike, predicted: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    products, clusters = np.asarray(truth), np.asarray(predicted)
    if products.ndim != 1 or products.shape != clusters.shape:
        raise ValueError(f"truth and predicted must be of one shape (n,), got {products.shape} and {clusters.shape}")
    if len(products) == 0:
        raise ValueError("truth and predicted must hold at least one item, got none; leave this photo out")
    return as_singletons(products), as_singletons(clusters)


def _check_subset(subset: ArrayLike | None, num_items: int) -> NDArray[np.bool_]:
    chosen = np.ones(num_items, dtype=bool) if subset is None else np.asarray(subset)
    if chosen.shape != (num_items,) or chosen.dtype != bool:
        raise ValueError(f"subset must be a bool mask of shape ({num_items},), got {chosen.dtype} {chosen.shape}")
    if not chosen.any():
        raise ValueError("subset must choose at least one item, got none; leave this photo out")
    return chosen
