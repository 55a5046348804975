"""Clustering of made-up embeddings: this project, the usual methods, and comparing every pair once."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from omegaconf import DictConfig

from analysis.clustering.linkage.tree import average_linkage_tree
from analysis.measures.agreement import bcubed
from scripts.benchmarks.inputs.mixtures import mixture
from scripts.benchmarks.timing.measure import Measurement, machine, measure
from scripts.benchmarks.timing.table import Table, growth_exponent, seconds_text

DEFAULT_SIZES = (60, 600, 6000)
# Function of clustering_methods -> name in the table, and whether it keeps a number for every pair of items.
METHODS = {
    "every_similarity": ("every pair once (bound)", False),
    "this_project": ("this project, average linkage", False),
    "scipy_average": ("SciPy average linkage", True),
    "hdbscan_matrix": ("hdbscan, cosine matrix", True),
    "hdbscan_euclidean": ("hdbscan, euclidean", False),
    "sklearn_hdbscan": ("scikit-learn HDBSCAN", True),
    "two_pass": ("original report's two passes", True),
    "fast_hdbscan": ("fast_hdbscan", False),
}
# Beyond, hdbscan without a matrix needs many minutes.
TREE_LIMIT = 20_000
Results = dict[tuple[str, int], dict[int, Measurement]]


def run(cfg: DictConfig) -> Table:
    """Measure every method at every width and size.

    Raises:
        ValueError: If there is no method of a name, or a width is not positive.
    """
    methods = list(cfg.methods or METHODS)
    unknown = [name for name in methods if name not in METHODS]
    if unknown:
        raise ValueError(f"there is no method {unknown[0]!r}, only {', '.join(METHODS)}")
    if any(width < 1 for width in cfg.dims):
        raise ValueError(f"dims must be at least 1, got dims={cfg.dims}")
    thresholds = {width: best_threshold(width, cfg.seed + 1) for width in cfg.dims}
    results: Results = {(name, width): {} for name in methods for width in cfg.dims}
    with tempfile.TemporaryDirectory() as folder:
        for width, threshold in thresholds.items():
            for size in cfg.sizes or DEFAULT_SIZES:
                path = str(Path(folder) / "mixture.npz")
                rows, products = mixture(size, width, cfg.seed)
                np.savez(path, rows=rows, products=products)
                for name in methods:
                    if _is_possible(name, size, cfg.dense_limit):
                        prepare = f"scripts.benchmarks.work.clustering_methods:{name}"
                        found = measure(prepare, cfg.repeats, path=path, threshold=threshold)
                        results[name, width][size] = found
    return _as_table(results, thresholds, cfg.repeats)


def best_threshold(num_dimensions: int, seed: int) -> float:
    """Return the distance that groups other made-up products best: nothing is tuned on what is measured."""
    scenes = [mixture(size, num_dimensions, seed + index) for index, size in enumerate((60, 60, 150, 600))]
    trees = [(average_linkage_tree(rows, "cosine"), products) for rows, products in scenes]
    candidates = np.linspace(0.05, 0.95, 91)
    scores = [np.mean([bcubed(products, tree.labels(t))[2] for tree, products in trees]) for t in candidates]
    return float(candidates[int(np.argmax(scores))])


def _is_possible(method: str, size: int, dense_limit: int) -> bool:
    if method == "fast_hdbscan" and _missing_peer():
        return False
    is_dense = METHODS[method][1]
    return size <= (dense_limit if is_dense else TREE_LIMIT if method == "hdbscan_euclidean" else size)


def _missing_peer() -> str | None:
    """Return the first missing package of those that the optional method needs."""
    return next((name for name in ("fast_hdbscan", "pynndescent") if find_spec(name) is None), None)


def _as_table(results: Results, thresholds: dict[int, float], repeats: int) -> Table:
    rows, notes = [], []
    for (method, width), by_size in results.items():
        name = METHODS[method][0]
        for size, found in by_size.items():
            score = f"{found.scores['bcubed']:.3f}" if found.scores else "-"
            time, memory = seconds_text(found.seconds), f"{found.megabytes:,.0f} MB"
            rows.append([name, str(width), f"{size:,}", time, memory, score])
        if len(by_size) > 1:
            exponent = growth_exponent(list(by_size), [found.seconds for found in by_size.values()])
            notes.append(f"{name}, width {width}: time grows as n^{exponent:.1f} between the two largest sizes")
    if _missing_peer() and any(method == "fast_hdbscan" for method, _ in results):
        notes.append(f"fast_hdbscan is left out: {_missing_peer()} is not installed")
    cuts = ", ".join(f"{threshold:.2f} (width {width})" for width, threshold in thresholds.items())
    notes.append(f"average linkage is cut at {cuts}, the distance that is best for other products")
    notes.append(f"median of {repeats}; no method runs on more items than its memory or time allows")
    notes.append("memory above the embeddings; BCubed F with every item in no cluster counted as alone")
    columns = ["method", "width", "items", "time", "memory", "BCubed F"]
    return Table(f"Clustering of unit vectors ({machine()})", columns, rows, notes)
