"""Injected label noise: classes split in two names, merged classes, crops under a wrong name."""

from collections.abc import Mapping, Sized
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from datamodules.crops import CropTable
from datamodules.sources.label_map import crop_names

TWIN_SUFFIX = "-again"


class Corruption(NamedTuple):
    """How much label noise is injected.

    Attributes:
        duplicate: Fraction of the classes that are split in two names, 0..1.
        mix: Fraction of the classes into which another class is merged, 0..0.5.
        mislabel: Fraction of the crops that get another class's name, 0..1.
        seed: Of all draws.
    """

    duplicate: float = 0.0
    mix: float = 0.0
    mislabel: float = 0.0
    seed: int = 0

    @property
    def injects_noise(self) -> bool:
        """Whether any label is changed."""
        return bool(self.duplicate or self.mix or self.mislabel)


def corruption_of(settings: Mapping[str, float]) -> Corruption:
    """Return checked settings.

    Raises:
        ValueError: If a setting is unknown or out of its range.
    """
    unknown = set(settings) - set(Corruption._fields)
    if unknown:
        raise ValueError(f"data.corrupt takes {', '.join(Corruption._fields)}, got {', '.join(sorted(unknown))}")
    duplicate, mix, mislabel = (settings.get(name, 0.0) for name in ("duplicate", "mix", "mislabel"))
    corruption = Corruption(duplicate, mix, mislabel, int(settings.get("seed", 0)))
    for name, top in (("duplicate", 1.0), ("mix", 0.5), ("mislabel", 1.0)):
        value = getattr(corruption, name)
        if not 0 <= value <= top:
            raise ValueError(f"data.corrupt.{name} must lie within 0..{top:g}, got {value}")
    if corruption.duplicate + 2 * corruption.mix > 1:
        raise ValueError(
            "data.corrupt.duplicate + 2 * data.corrupt.mix must be at most 1, as no class is changed twice; got "
            f"{corruption.duplicate} and {corruption.mix}"
        )
    return corruption


def corrupt(
    products: list[str], table: CropTable, corruption: Corruption, root: Path
) -> tuple[list[str], CropTable, dict[str, Sized]]:
    """Return products and crops with injected label noise, and the truth about it.

    A twin takes half of a class's photos, or, for every second class and those on one photo, half of its crops at
    random; no crop is in both. Its product is new, at the end of the list. In a mixture the second class's crops
    take the first one's label, so the second has no crop left.

    Args:
        products: Name of each product.
        table: Its crops; every label is a product.
        corruption: How much label noise.
        root: Folder that the crops' names in the truth begin at.
    """
    generator = np.random.default_rng(corruption.seed)
    labels, names = table.labels.copy(), list(products)
    counts = np.bincount(labels, minlength=len(products))
    total = int((counts > 0).sum())
    classes = generator.permutation(np.flatnonzero(counts >= 2))
    twins, rest = np.split(classes, [round(corruption.duplicate * total)])
    split = []
    for number, label in enumerate(twins):
        rows, by = _half(table, np.flatnonzero(table.labels == label), number % 2 == 0, generator)
        labels[rows] = len(names)
        names.append(products[label] + TWIN_SUFFIX)
        split.append({"names": [products[label], names[-1]], "split_by": by})
    mixed = []
    for first, second in rest[: min(2 * round(corruption.mix * total), len(rest) // 2 * 2)].reshape(-1, 2):
        labels[labels == second] = first
        mixed.append({"name": products[first], "holds": [products[first], products[second]]})
    wrong = _mislabelled(labels, corruption.mislabel, generator)
    crops = crop_names(table.take(np.array(list(wrong), dtype=int)), root)
    moved = [
        {"crop": crop, "true": names[labels[row]], "given": names[wrong[row]]}
        for crop, row in zip(crops, wrong, strict=True)
    ]
    for row, label in wrong.items():
        labels[row] = label
    truth: dict[str, Sized] = {"settings": corruption._asdict(), "duplicate": split, "mix": mixed, "mislabel": moved}
    return names, CropTable(table.files, table.boxes, labels, table.photos), truth


def _half(
    table: CropTable, rows: NDArray[np.int64], by_photo: bool, generator: np.random.Generator
) -> tuple[NDArray[np.int64], str]:
    photos = generator.permutation(np.unique(table.photos[rows]))
    if by_photo and len(photos) > 1:
        return rows[np.isin(table.photos[rows], photos[: len(photos) // 2])], "photo"
    return generator.permutation(rows)[: len(rows) // 2], "crop"


def _mislabelled(labels: NDArray[np.int64], fraction: float, generator: np.random.Generator) -> dict[int, int]:
    """Return the wrong label of each crop that gets one."""
    present = np.unique(labels)
    rows = generator.permutation(len(labels))[: round(fraction * len(labels))]
    if len(present) < 2:
        return {}
    return {int(row): int(generator.choice(present[present != labels[row]])) for row in rows}
