"""What was measured for a claim: a row per photo, seed and side, small enough to be kept."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scripts.pages.csv_table import write_csv

PHOTOS = "photos.csv"
ABOUT = ("side", "variant", "fold", "seed", "source", "photo")
PAIRS = ("pairwise_precision", "pairwise_recall")
MEASURES = ("ari", "seen_ari", "unseen_ari", "bcubed_f", *PAIRS, "singleton_recall", "separation")
# How a sweep's folder names the fold of a run.
FOLD = re.compile(r"(?:^|[_,/])(?:data\.)?fold[-=](\d+)")

Row = Mapping[str, str]


@dataclass(frozen=True)
class Values:
    """A measure of one side, by variant of its hyperparameters.

    Attributes:
        variants: Values (photos, seeds) of each variant, NaN where there is none.
        folds: Fold that each photo was held out in, (photos,).
    """

    variants: dict[str, NDArray[np.float64]]
    folds: NDArray[np.int64]


def collect(folder: Path) -> list[Row]:
    """Return the rows of a claim's folder: ``SIDE/photos.csv``, or ``SIDE/VARIANT/photos.csv`` where there are several.

    Raises:
        ValueError: If a run's folder does not say which fold it held out.
    """
    rows: list[Row] = []
    for path in sorted(folder.rglob(PHOTOS)):
        side, *variant = path.parent.relative_to(folder).parts or ("",)
        with path.open(newline="", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                about = {"side": side, "variant": "/".join(variant), "fold": _fold_of(row["run"], path)}
                rows.append(row | about | {"photo": Path(row["photo"]).name})
    return rows


def keep(rows: Sequence[Row], path: Path) -> None:
    """Write the columns that verdicts need, with four digits."""
    columns = [*ABOUT, *MEASURES]
    write_csv(path, columns, ([_short(row.get(column, "")) for column in columns] for row in rows))


def read_kept(path: Path) -> list[Row]:
    """Return what :func:`keep` wrote."""
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def values_of(rows: Sequence[Row], sides: tuple[str, str], measure: str, source: str | None) -> tuple[Values, Values]:
    """Return a measure of two sides on the photos and seeds that both have, in the same order.

    Args:
        rows: Those of a claim.
        sides: Names of the two sides.
        measure: Name of the column.
        source: Only photos of this source; None for all.

    Raises:
        ValueError: If the sides have no such photo and seed in common.
    """
    chosen = [row for row in rows if row[measure] and source in (None, row["source"])]
    of_side = [[row for row in chosen if row["side"] == side] for side in sides]
    photos, seeds = (_in_both(of_side, key) for key in (_photo, _seed))
    if not (photos and seeds):
        raise ValueError(f"{' and '.join(sides)} have no photo and seed in common that {measure} was measured on")
    return _values(of_side[0], measure, photos, seeds), _values(of_side[1], measure, photos, seeds)


def _values(rows: Sequence[Row], measure: str, photos: Sequence[str], seeds: Sequence[str]) -> Values:
    variants = {row["variant"]: np.full((len(photos), len(seeds)), np.nan) for row in rows}
    folds = np.zeros(len(photos), dtype=np.int64)
    row_of, column_of = ({item: place for place, item in enumerate(items)} for items in (photos, seeds))
    for row in rows:
        if _photo(row) in row_of and _seed(row) in column_of:
            place = row_of[_photo(row)], column_of[_seed(row)]
            if not np.isnan(variants[row["variant"]][place]):
                raise ValueError(
                    f"{row['side']}/{row['variant']}: {_photo(row)} was measured twice with seed {_seed(row)}; each "
                    "setting of a side needs a folder SIDE/VARIANT of its own"
                )
            variants[row["variant"]][place] = float(row[measure])
            folds[place[0]] = int(row["fold"])
    return Values(variants, folds)


def _in_both(sides: Iterable[Sequence[Row]], key: Callable[[Row], str]) -> list[str]:
    first, second = ({key(row) for row in rows} for rows in sides)
    return sorted(first & second)


def _photo(row: Row) -> str:
    return f"{row['source']}/{row['photo']}"


def _seed(row: Row) -> str:
    return row["seed"]


def _fold_of(run: str, path: Path) -> str:
    found = FOLD.search(run)
    if found is None:
        raise ValueError(f"{path}: the run {run} does not say which fold it held out; sweep over data.fold=0,1,2,3,4")
    return found.group(1)


def _short(cell: str) -> str:
    try:
        return f"{float(cell):.4f}".rstrip("0").rstrip(".") if "." in cell else cell
    except ValueError:
        return cell
