"""The clustering methods that are compared; each function prepares one, and is called in a process of its own."""

from __future__ import annotations

from collections.abc import Callable

import hdbscan
import numpy as np
import sklearn.cluster
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.clustering.distance import pairwise_distance
from analysis.clustering.two_pass import TwoPassClustering
from analysis.measures.agreement import bcubed
from analysis.threads import for_each
from scripts.benchmarks.timing.measure import Job

Method = Callable[[NDArray[np.float32]], NDArray[np.int64]]
WARM_UP_ITEMS = 50
BLOCK = 512


def every_similarity(path: str, threshold: float) -> Job:
    """Compute every pair's similarity once, in blocks that fit the cache, and the rows' and columns' largest."""
    rows = _load(path)[0]

    def compare(start: int) -> None:
        above = rows[start : start + BLOCK]
        for other in range(start, len(rows), BLOCK):
            similarity = above @ rows[other : other + BLOCK].T
            similarity.max(axis=1)
            similarity.max(axis=0)

    return lambda: for_each(compare, range(0, len(rows), BLOCK)), lambda result: {}


def this_project(path: str, threshold: float) -> Job:
    """Cluster by average linkage with a calibrated threshold, confidence included."""
    clustering = AgglomerativeClustering(distance_threshold=threshold)
    return _job(path, lambda rows: clustering.fit(rows).labels)


def scipy_average(path: str, threshold: float) -> Job:
    """Cluster by the same linkage and threshold from the condensed matrix of all distances."""
    return _job(path, lambda rows: fcluster(linkage(rows, "average", "cosine"), threshold, "distance"))


def hdbscan_matrix(path: str, threshold: float) -> Job:
    """Run the hdbscan package on the matrix of cosine distances."""
    model = hdbscan.HDBSCAN(metric="precomputed", min_cluster_size=2, min_samples=1)
    return _job(path, lambda rows: model.fit(pairwise_distance(rows, "cosine")).labels_)


def hdbscan_euclidean(path: str, threshold: float) -> Job:
    """Run the hdbscan package on unit vectors, with a tree instead of a matrix."""
    model = hdbscan.HDBSCAN(min_cluster_size=2, min_samples=1)
    return _job(path, lambda rows: model.fit(rows.astype(np.float64)).labels_)


def sklearn_hdbscan(path: str, threshold: float) -> Job:
    """Run scikit-learn's HDBSCAN; it counts the point itself, so that 2 samples are 1 of hdbscan."""
    model = sklearn.cluster.HDBSCAN(min_cluster_size=2, min_samples=2, metric="cosine", copy=True)
    return _job(path, lambda rows: model.fit(rows.astype(np.float64)).labels_)


def two_pass(path: str, threshold: float) -> Job:
    """Run the original report's method: HDBSCAN, then OPTICS on its noise."""
    clustering = TwoPassClustering()
    return _job(path, lambda rows: clustering.fit(rows).labels)


def fast_hdbscan(path: str, threshold: float) -> Job:
    """Run the fast_hdbscan package; compiled before the clock starts."""
    # Imported here: it is not a dependency and need not be installed.
    from fast_hdbscan import HDBSCAN

    model = HDBSCAN(min_cluster_size=2, min_samples=1)
    return _job(path, lambda rows: model.fit(rows).labels_)


def _job(path: str, method: Method) -> Job:
    rows, products = _load(path)
    method(rows[:WARM_UP_ITEMS])
    return lambda: method(rows), lambda labels: {"bcubed": bcubed(products, labels)[2]}


def _load(path: str) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    with np.load(path) as stored:
        return stored["rows"], stored["products"]
