"""Photos and crops whose products are known, to be named by each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.even_sample import even_sample
from analysis.naming.products import NamedProducts
from inference.grouper import Grouper
from inference.inputs import by_number
from inference.reviewed_groups import kept_embeddings

# Of a product without photos, so many crops are taken evenly, and the last ones are the group to be named.
_CROPS_PER_PRODUCT, _GROUP = 16, 4
# Shares of known detections named right and wrong, and of unknown ones named; nan where there is none.
Shares = tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Unit:
    """A photo, or the crops of one product.

    Attributes:
        name: The photo's or the product's name.
        rows: Embeddings of the detections to be named (n, d).
        labels: Their groups (n,).
        products: Their true products (n,), "" for an unknown one.
        known_rows: Embeddings of crops that others may be named by (m, d).
        known_products: Their products (m,).
    """

    name: str
    rows: NDArray[np.float32]
    labels: NDArray[np.int64]
    products: NDArray[np.str_]
    known_rows: NDArray[np.float32]
    known_products: NDArray[np.str_]


def photo_unit(name: str, rows: NDArray[np.float32], groups: NDArray[np.int64], products: NDArray[np.int64]) -> Unit:
    """Return a grouped photo whose products have equal numbers in all photos, negative for unknown ones."""
    known = products >= 0
    names = np.where(known, products.astype(str), "")
    return Unit(name, rows, groups, names, rows[known], names[known])


def photo_units(grouper: Grouper, folder: Path) -> list[Unit]:
    """Return the labelled photos of a folder, grouped."""
    units = []
    for groups in grouper.group_photos(folder, across_photos=False):
        labels = groups.scene.labels
        assert labels is not None, "the photos are labelled"
        units.append(photo_unit(groups.scene.name, kept_embeddings(groups), groups.labels, labels))
    return units


def product_units(grouper: Grouper, folder: Path) -> list[Unit]:
    """Return the products of a folder with a folder of crops each, the last crops as a group to be named."""
    units = []
    for name, files in _pictures(folder).items():
        rows = grouper.embed([files[place] for place in even_sample(len(files), _CROPS_PER_PRODUCT)])
        names = np.full(len(rows), name)
        part = len(rows) - _GROUP
        if part > 0:
            group = np.zeros(_GROUP, dtype=np.int64)
            units.append(Unit(name, rows[part:], group, names[part:], rows[:part], names[:part]))
    return units


def learn_from(
    units: Sequence[Unit], withheld: Sequence[str], metric: str, threshold: float, of_photos: bool
) -> NamedProducts:
    """Return the products of units, without those that are withheld."""
    rows = np.concatenate([unit.known_rows for unit in units])
    names = np.concatenate([unit.known_products for unit in units])
    photos = np.repeat(np.arange(len(units)), [len(unit.known_rows) for unit in units])
    kept = ~np.isin(names, withheld)
    own = photos[kept].tolist() if of_photos else None
    return NamedProducts.learn(rows[kept], names[kept].tolist(), metric, threshold, own)


def named_shares(unit: Unit, products: NamedProducts, rates: Sequence[float]) -> dict[float, Shares]:
    """Return what is named right and wrong when so many unknown products may get a name."""
    naming = products.name(unit.rows, unit.labels, unknown_named=1.0)
    known, told = np.isin(unit.products, list(products.crops)), unit.products != ""
    right = np.array(naming.names) == unit.products
    found: dict[float, Shares] = {}
    for rate in rates:
        named = naming.confidence >= 1 - rate
        shares = (named & right)[known], (named & ~right)[known], named[told & ~known]
        found[rate] = tuple(map(finite_mean, shares))
    return found


def finite_mean(values: ArrayLike) -> float:
    """Return the mean of what is a number, nan where nothing is."""
    numbers = np.asarray(values, dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    return float(numbers.mean()) if len(numbers) else float("nan")


def _pictures(folder: Path) -> dict[str, list[Path]]:
    """Return the pictures of each product; copies count once, and none where two products have them."""
    of_product: dict[str, dict[bytes, Path]] = {}
    for product in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = sorted((path for path in product.iterdir() if path.is_file()), key=by_number)
        of_product[product.name] = {sha256(file.read_bytes()).digest(): file for file in files}
    times = Counter(chain.from_iterable(of_product.values()))
    unique = {name: [file for digest, file in own.items() if times[digest] == 1] for name, own in of_product.items()}
    return {name: files for name, files in unique.items() if files}
