"""Photos and crops whose products are known, to be named by each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.even_sample import even_sample
from inference.grouper import Grouper
from inference.inputs import by_number
from inference.reviewed_groups import kept_embeddings

# Of a product without photos, so many crops are taken evenly, and the last ones are the group to be named.
_CROPS_PER_PRODUCT, _GROUP = 16, 4


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


def photo_units(grouper: Grouper, folder: Path) -> list[Unit]:
    """Return the labelled photos of a folder, grouped."""
    units = []
    for groups in grouper.group_photos(folder, across_photos=False):
        labels = groups.scene.labels
        assert labels is not None, "the photos are labelled"
        rows, products = kept_embeddings(groups), np.where(labels < 0, "", labels.astype(str))
        known = labels >= 0
        units.append(Unit(groups.scene.name, rows, groups.labels, products, rows[known], products[known]))
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


def _pictures(folder: Path) -> dict[str, list[Path]]:
    """Return the pictures of each product; copies count once, and none where two products have them."""
    of_product: dict[str, dict[bytes, Path]] = {}
    for product in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = sorted((path for path in product.iterdir() if path.is_file()), key=by_number)
        of_product[product.name] = {sha256(file.read_bytes()).digest(): file for file in files}
    times = Counter(chain.from_iterable(of_product.values()))
    unique = {name: [file for digest, file in own.items() if times[digest] == 1] for name, own in of_product.items()}
    return {name: files for name, files in unique.items() if files}
