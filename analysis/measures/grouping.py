"""How well a grouping agrees with the true products: all measures of a photo, and their means over photos.

Labels may be any integers. Every negative label, true or predicted, is an item on its own: it is replaced by a label
that nothing else has before anything is counted. All measures but the counts are higher-is-better.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


def grouping_measures(truth: ArrayLike, predicted: ArrayLike, subset: ArrayLike | None = None) -> dict[str, float]:
    """Return every measure of one photo's grouping.

    Args:
        truth: Shape (n,), product of each item.
        predicted: Shape (n,), cluster of each item.
        subset: Shape (n,), bool; score only these items, for instance those of products unseen in training. Whether an
            item is alone is still judged among all items.

    Returns:
        ``ari``, ``ami``, ``bcubed_precision``, ``bcubed_recall``, ``bcubed_f``, ``pairwise_precision``,
        ``pairwise_recall``, ``pairwise_f``; ``singleton_recall``, the part of the products with one item whose item is
        left alone, NaN without such products; ``num_clusters`` and ``num_products``, items on their own counted;
        ``cluster_count_error``, clusters in excess over products, relative to products.

    Raises:
        ValueError: If there is nothing to score, or the shapes do not match.
    """
    # Imported late: scikit-learn takes half a second, and grouping photos without labels measures nothing.
    from analysis.measures.agreement import agreement_measures, check_labels

    products, clusters = check_labels(truth, predicted)
    chosen = _check_subset(subset, len(products))
    singleton_recall = _singleton_recall(products, clusters, chosen)
    products, clusters = products[chosen], clusters[chosen]
    num_products, num_clusters = len(np.unique(products)), len(np.unique(clusters))
    return {
        **agreement_measures(products, clusters),
        "singleton_recall": singleton_recall,
        "num_clusters": float(num_clusters),
        "num_products": float(num_products),
        "cluster_count_error": (num_clusters - num_products) / num_products,
    }


def mean_measures(measures: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the mean of each measure over photos, over those photos where it is defined (not NaN).

    Args:
        measures: One dictionary per photo, all with the same keys.

    Returns:
        NaN for a measure that no photo defines.

    Raises:
        ValueError: If there is no photo, or the keys differ.
    """
    if not measures:
        raise ValueError("measures must hold the measures of at least one photo, got none")
    if any(photo.keys() != measures[0].keys() for photo in measures):
        raise ValueError(f"measures must all have the same keys, got {[sorted(photo) for photo in measures]}")
    return {name: _mean_of_defined([photo[name] for photo in measures]) for name in measures[0]}


def _mean_of_defined(values: list[float]) -> float:
    defined = [value for value in values if not np.isnan(value)]
    return float(np.mean(defined)) if defined else float("nan")


def _singleton_recall(products: NDArray[np.int64], clusters: NDArray[np.int64], chosen: NDArray[np.bool_]) -> float:
    single_product = _is_alone(products) & chosen
    return float(_is_alone(clusters)[single_product].mean()) if single_product.any() else float("nan")


def _is_alone(labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    _, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return np.asarray(counts[inverse] == 1)


def _check_subset(subset: ArrayLike | None, num_items: int) -> NDArray[np.bool_]:
    chosen = np.ones(num_items, dtype=bool) if subset is None else np.asarray(subset)
    if chosen.shape != (num_items,) or chosen.dtype != bool:
        raise ValueError(f"subset must be a bool mask of shape ({num_items},), got {chosen.dtype} {chosen.shape}")
    if not chosen.any():
        raise ValueError("subset must choose at least one item, got none; leave this photo out")
    return chosen
