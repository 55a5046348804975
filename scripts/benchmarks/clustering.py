"""Clustering of made-up embeddings: this project, the usual methods, and reading every similarity once."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from omegaconf import DictConfig

from analysis.clustering.directions import directions
from analysis.clustering.forest import average_linkage
from analysis.measures import bcubed
from scripts.benchmarks.measure import Measurement, machine, measure
from scripts.benchmarks.mixtures import mixture
from scripts.benchmarks.table import Table, growth_exponent, seconds_text

DEFAULT_SIZES = (60, 600, 6000)
# Name in the table -> function of clustering_methods, and whether it keeps a number for every pair of items.
METHODS = {
    "every similarity once (bound)": ("every_similarity", False),
    "this project, average linkage": ("this_project", False),
    "SciPy average linkage": ("scipy_average", True),
    "hdbscan, cosine matrix": ("hdbscan_matrix", True),
    "hdbscan, euclidean": ("hdbscan_euclidean", False),
    "scikit-learn HDBSCAN": ("sklearn_hdbscan", True),
    "the report's two passes": ("two_pass", True),
    "fast_hdbscan": ("fast_hdbscan", False),
}
# Beyond, hdbscan without a matrix needs a minute and more.
TREE_LIMIT = 6000


def run(cfg: DictConfig) -> Table:
    """Measures every method at every size."""
    sizes = list(cfg.sizes or DEFAULT_SIZES)
    threshold = best_threshold(cfg.seed + 1)
    results: dict[str, dict[int, Measurement]] = {name: {} for name in METHODS}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = str(Path(folder) / f"{size}.npz")
            rows, products = mixture(size, cfg.seed)
            np.savez(path, rows=rows, products=products)
            for name, (function, is_dense) in METHODS.items():
                if not _is_possible(function, is_dense, size, cfg.dense_limit):
                    continue
                prepare = f"scripts.benchmarks.clustering_methods:{function}"
                results[name][size] = measure(prepare, cfg.repeats, path=path, threshold=threshold)
    return _as_table(results, threshold, cfg.repeats)


def best_threshold(seed: int) -> float:
    """Returns the distance that groups other made-up products best: nothing is tuned on what is measured."""
    scenes = [mixture(size, seed + index) for index, size in enumerate((60, 60, 150, 600))]
    trees = [(average_linkage(directions(rows.astype(np.float64))), products) for rows, products in scenes]
    candidates = np.linspace(0.05, 0.95, 91)
    scores = [np.mean([bcubed(products, tree.labels(t))[2] for tree, products in trees]) for t in candidates]
    return float(candidates[int(np.argmax(scores))])


def _is_possible(function: str, is_dense: bool, size: int, dense_limit: int) -> bool:
    if function == "fast_hdbscan" and find_spec("fast_hdbscan") is None:
        return False
    return size <= (dense_limit if is_dense else TREE_LIMIT if function == "hdbscan_euclidean" else size)


def _as_table(results: dict[str, dict[int, Measurement]], threshold: float, repeats: int) -> Table:
    rows, notes = [], []
    for name, by_size in results.items():
        for size, found in by_size.items():
            score = f"{found.scores['bcubed']:.3f}" if found.scores else "-"
            rows.append([name, f"{size:,}", seconds_text(found.seconds), f"{found.megabytes:,.0f} MB", score])
        if len(by_size) > 1:
            exponent = growth_exponent(list(by_size), [found.seconds for found in by_size.values()])
            notes.append(f"{name}: time grows as n^{exponent:.1f} between the two largest sizes")
    notes.append(f"average linkage is cut at {threshold:.2f}, the distance that is best for other products")
    notes.append(f"median of {repeats}; no method runs on more items than its memory or time allows")
    notes.append("memory above the embeddings; BCubed F with every item in no cluster counted as alone")
    title = f"Clustering of unit vectors of 64 numbers ({machine()})"
    return Table(title, ["method", "items", "time", "memory", "BCubed F"], rows, notes)
