"""Facings and shares of the shelf: in the record of a photo, in words, and as shelf.csv."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from analysis.shelf.share import Share, store_shares
from inference.groups import Groups
from scripts.pages.csv_table import write_csv

COLUMNS = ("photo", "cluster", "row", "facings", "facings_wide", "share")
# Stands for all rows of a photo and for all photos.
ALL = "all"
NOTE = (
    "Facings are the items seen from the front; wide, without those that stand on the same product. The share is of "
    "the shelf length on which anything stands. Rows are counted from the top of the photo."
)


class RowRecord(TypedDict):
    """What a group has of one row, counted from 1 at the top; `share` is a part of what is occupied of that row."""

    row: int
    facings: int
    facings_wide: int
    share: float


class ShelfRecord(TypedDict):
    """What a group has of the photo's shelf; `share` is a part of what is occupied of all rows."""

    facings: int
    facings_wide: int
    share: float
    rows: list[RowRecord]


def shelf_records(grouping: Groups) -> dict[int, ShelfRecord]:
    """Return what each group has of a photo's shelf, by the group's number."""
    rows: dict[int, list[RowRecord]] = {}
    for part in grouping.layout.by_row():
        rows.setdefault(part.cluster, []).append(
            {
                "row": part.rows[0],
                "facings": part.facings,
                "facings_wide": part.facings_wide,
                "share": round(part.share, 4),
            }
        )
    return {
        whole.cluster: {
            "facings": whole.facings,
            "facings_wide": whole.facings_wide,
            "share": round(whole.share, 4),
            "rows": rows[whole.cluster],
        }
        for whole in grouping.layout.by_group()
    }


def write_shelf_table(groupings: Sequence[Groups], store: Sequence[Share], path: Path) -> None:
    """Write a line for each group of each photo, for each of its rows, and for each group of the store.

    Args:
        groupings: What was found in each photo.
        store: What each group has of all photos together; empty where their groups are not numbered in common.
        path: The file.
    """
    lines = [_line(ALL, ALL, share) for share in store]
    for grouping in groupings:
        name, layout = grouping.scene.name, grouping.layout
        lines += [_line(name, ALL, share) for share in layout.by_group()]
        lines += [_line(name, share.rows[0], share) for share in layout.by_row()]
    write_csv(path, COLUMNS, lines)


def store_of(groupings: Sequence[Groups]) -> list[Share]:
    """Return what each group has of all photos, whose groups are numbered in common."""
    return store_shares([grouping.layout for grouping in groupings])


def in_words(shelf: ShelfRecord) -> str:
    """Return what a group has of the shelf in a line."""
    rows = [str(row["row"]) for row in shelf["rows"]]
    where = f"row{'' if len(rows) == 1 else 's'} {', '.join(rows)}"
    return f"{facings_in_words(shelf['facings'], shelf['facings_wide'])}, {shelf['share']:.0%} of the shelf, {where}"


def facings_in_words(facings: int, wide: int) -> str:
    """Return how many facings there are, and how many wide where some are stacked."""
    count = f"{facings} facing{'' if facings == 1 else 's'}"
    return count if wide == facings else f"{count} ({wide} wide)"


def row_by_row(shelf: ShelfRecord) -> str:
    """Return what a group has of each row, and what the words mean."""
    rows = [
        f"row {row['row']}: {facings_in_words(row['facings'], row['facings_wide'])}, {row['share']:.0%}"
        for row in shelf["rows"]
    ]
    return f"{'; '.join(rows)}. {NOTE}"


def _line(photo: str, row: int | str, share: Share) -> list[object]:
    return [photo, share.cluster, row, share.facings, share.facings_wide, round(share.share, 4)]
