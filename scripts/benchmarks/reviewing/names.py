"""How often groups get the right name, and how often one whose product is not among the known ones gets any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from omegaconf import DictConfig

from analysis.even_sample import even_sample
from analysis.measures.bootstrap import bootstrap_interval
from analysis.naming.products import NamedProducts
from inference.grouper import Grouper
from inference.inputs import by_number
from inference.reviewed_groups import kept_embeddings, linkage_threshold
from scripts.benchmarks.timing.table import Table

PHOTOS, CROPS = ("cornershop",), ("detergents/train", "grozi120")
# Of a product without photos, so many crops are taken evenly, and the last ones are the group to be named.
_CROPS_PER_PRODUCT, _GROUP = 16, 4


@dataclass(frozen=True)
class Unit:
    """A photo, or the crops of one product.

    Attributes:
        rows: Embeddings of the detections to be named (n, d).
        labels: Their groups (n,).
        products: Their true products (n,), "" for an unknown one.
        known_rows: Embeddings of crops that others may be named by (m, d).
        known_products: Their products (m,).
    """

    rows: NDArray[np.float32]
    labels: NDArray[np.int64]
    products: NDArray[np.str_]
    known_rows: NDArray[np.float32]
    known_products: NDArray[np.str_]


def run(cfg: DictConfig) -> Table:
    """Name groups by the crops of others, with half of the products withheld in turn.

    Raises:
        ValueError: If data_dir is not given or holds none of the data sets, or the checkpoint has no threshold.
    """
    grouper = Grouper.load(cfg.checkpoint)
    threshold = linkage_threshold(grouper)
    present = [name for name in (*PHOTOS, *CROPS) if cfg.data_dir and (Path(cfg.data_dir) / name).is_dir()]
    if not present or threshold is None:
        raise ValueError(
            f"names needs data_dir=FOLDER with one of {', '.join((*PHOTOS, *CROPS))}, and a checkpoint with a distance "
            f"threshold; got data_dir={cfg.data_dir}"
        )
    rows = []
    for name in present:
        folder = Path(cfg.data_dir) / name
        units = _photos(grouper, folder) if name in PHOTOS else _products(grouper, folder)
        metric = grouper.embedder.metric.name
        sides = [_named(units, name in CROPS, _withheld(units, side, cfg.seed), metric, threshold) for side in (0, 1)]
        # Known on one side, unknown on the other: a photo or product counts once, with the mean of both.
        shares = [[_mean([own[key] for own in both]) for key in range(3)] for both in zip(*sides, strict=True)]
        unit = "photos" if name in PHOTOS else "products"
        rows.append([name, f"{len(units)} {unit}", *(_cell([share[key] for share in shares]) for key in range(3))])
    columns = ["data", "of", "known: right name", "known: wrong name", "unknown: a name"]
    notes = ["shares of detections, with 95 % intervals over photos or products; half of the products withheld in turn"]
    return Table("Names", columns, rows, notes)


def _photos(grouper: Grouper, folder: Path) -> list[Unit]:
    units = []
    for groups in grouper.group_photos(folder, across_photos=False):
        labels = groups.scene.labels
        assert labels is not None, "the photos are labelled"
        rows, products = kept_embeddings(groups), np.where(labels < 0, "", labels.astype(str))
        known = labels >= 0
        units.append(Unit(rows, groups.labels, products, rows[known], products[known]))
    return units


def _products(grouper: Grouper, folder: Path) -> list[Unit]:
    units = []
    for product in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = sorted((path for path in product.iterdir() if path.is_file()), key=by_number)
        rows = grouper.embed([files[place] for place in even_sample(len(files), _CROPS_PER_PRODUCT)])
        names = np.full(len(rows), product.name)
        part = len(rows) - _GROUP
        if part > 0:
            units.append(Unit(rows[part:], np.zeros(_GROUP, dtype=np.int64), names[part:], rows[:part], names[:part]))
    return units


def _withheld(units: Sequence[Unit], side: int, seed: int) -> set[str]:
    names = np.unique(np.concatenate([unit.known_products for unit in units]))
    half = np.random.default_rng(seed).permutation(len(names)) % 2 == side
    return set(names[half].tolist())


def _named(
    units: Sequence[Unit], own_known: bool, withheld: set[str], metric: str, threshold: float
) -> list[tuple[float, float, float]]:
    """Return, of each unit, the shares of known detections named right and wrong, and of unknown ones named; or nan."""
    found: list[tuple[float, float, float]] = []
    products: NamedProducts | None = None
    for unit in units:
        if products is None or not own_known:
            others = [other for other in units if own_known or other is not unit]
            rows = np.concatenate([other.known_rows for other in others])
            names = np.concatenate([other.known_products for other in others])
            kept = ~np.isin(names, list(withheld))
            products = NamedProducts.learn(rows[kept], names[kept].tolist(), metric, threshold)
        given = np.array(products.name(unit.rows, unit.labels).names)
        known, told = np.isin(unit.products, list(products.crops)), unit.products != ""
        right, named = given == unit.products, given != ""
        found.append((_mean(right[known]), _mean((named & ~right)[known]), _mean(named[told & ~known])))
    return found


def _mean(values: ArrayLike) -> float:
    """Return the mean of what is a number, nan where nothing is."""
    numbers = np.asarray(values, dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    return float(numbers.mean()) if len(numbers) else float("nan")


def _cell(shares: Sequence[float]) -> str:
    finite = [share for share in shares if np.isfinite(share)]
    low, high = bootstrap_interval(finite)
    return f"{np.mean(finite):.2f} ({low:.2f} to {high:.2f})"
