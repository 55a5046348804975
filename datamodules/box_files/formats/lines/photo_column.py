"""Which rows of a table are of a photo: by what its columns hold, whatever they are called."""

import re
from array import array
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from datamodules.box_files.formats.lines.columns import IDS, LABELS, Columns, compact
from datamodules.box_files.formats.lines.rows import Rows
from datamodules.box_files.names import is_picture_name
from datamodules.box_files.selection import PhotoIndex

SAMPLE = 300
# What a column may be called that names photos by something else than files; it makes a number a photo's.
PHOTO_TITLE = re.compile(r"(image|img|photo|picture|frame|file|path|url|uri|foto|bild|scene|capture)")
NOT_A_PHOTO = re.compile(r"(size|width|height|scale|count|attributes|format|depth|score|ratio|area)$")
# Columns of common tables that vary and name no photo.
ATTRIBUTES = frozenset(
    (*LABELS, *IDS, "", "score", "confidence", "conf", "area", "source", "pose", "occluded", "truncated", "difficult",
     "iscrowd", "isoccluded", "istruncated", "isgroupof", "isdepiction", "isinside", "trackid", "unnamed0", "index")
)  # fmt: skip
# Numbers of rows, and warnings.
Found = tuple[Sequence[int], tuple[str, ...]]


class PhotoColumn:
    """The rows of a table by photo.

    A column whose fields look like the names of pictures decides. Without one, a column decides that holds the photo's
    name without suffix; and a column that may tell photos apart without naming this one makes the rows doubtful.

    Args:
        rows: The table.
        columns: Which column holds what.
    """

    def __init__(self, rows: Rows, columns: Columns) -> None:
        self._rows = rows
        sample = [rows.fields(row) for row in range(min(len(rows), SAMPLE))]
        taken = set(columns.coordinates)
        free = [place for place in range(len(rows.titles)) if place not in taken]
        self._named = [place for place in free if _holds_pictures([fields[place] for fields in sample])]
        sizes = {columns.of[kind] for kind in ("width", "height", "label") if kind in columns.of}
        others = [place for place in free if place not in sizes and not self._named]
        self._rows_of = _index(rows, self._named or others)
        self._photos = {place: PhotoIndex(known, rows.file) for place, known in self._rows_of.items()}

    @property
    def places(self) -> list[int]:
        """The columns that hold the names of pictures."""
        return self._named

    def rows_of(self, photo: Path) -> Found:
        """Return the rows of a photo, and warnings if they may hold another one's.

        Raises:
            ValueError: If the table names photos and not this one, or has rows that may be of it or of another.
        """
        if not len(self._rows):
            return [], ()
        return self._by_name(photo) if self._named else self._by_value(photo)

    def _select(self, place: int, photo: Path) -> Found:
        selection = self._photos[place].select(photo)
        rows = sorted(row for name in selection.names for row in self._rows_of[place][name])
        return rows, (selection.warning,) if selection.warning else ()

    def _by_name(self, photo: Path) -> Found:
        found, errors = {}, []
        for place in self._named:
            try:
                found[place] = self._select(place, photo)
            except ValueError as error:
                errors.append(error)
        if not found:
            raise errors[0]
        (place, (rows, warnings)), *others = found.items()
        if any(other != rows for _, (other, _) in others):
            raise ValueError(f"{self._rows.file} has several columns that name {photo.name}, and on different rows")
        if unnamed := len(self._rows_of[place].get("", ())):
            raise ValueError(f"{self._rows.file} has {unnamed} rows that name no photo and may be of {photo.name}")
        return rows, warnings

    def _by_value(self, photo: Path) -> Found:
        warnings = []
        for place, known in self._rows_of.items():
            title = compact(self._rows.titles[place])
            is_photo = bool(PHOTO_TITLE.search(title)) and not NOT_A_PHOTO.search(title)
            if is_photo or not any(value.lstrip("-").isdigit() for value in known):
                with suppress(ValueError):
                    return self._select(place, photo)
            warnings += self._doubt(place, is_photo, photo)
        return range(len(self._rows)), tuple(warnings)

    def _doubt(self, place: int, is_photo: bool, photo: Path) -> list[str]:
        """Return a warning if a column may tell photos apart."""
        known, title = self._rows_of[place], self._rows.titles[place].strip() or f"number {place + 1}"
        if is_photo and len(known) > 1:
            names = self._photos[place].describe()
            raise ValueError(f"{self._rows.file}: the column {title!r} names {names}, and none is {photo.name}")
        if is_photo:
            return [
                f"{self._rows.file}: the column {title!r} names the photo {next(iter(known))!r}; taken for {photo.name}"
            ]
        if compact(title) not in ATTRIBUTES and _in_blocks(known):
            return [
                f"{self._rows.file}: the column {title!r} has {len(known)} values in blocks; if these are photos, boxes"
                f" of others are taken for those of {photo.name}"
            ]
        return []


def _holds_pictures(values: list[str]) -> bool:
    filled = [value for value in values if value]
    return bool(filled) and sum(map(is_picture_name, filled)) >= 0.9 * len(filled)


def _index(rows: Rows, places: list[int]) -> dict[int, dict[str, array]]:
    """Return the rows of each value of some columns; a column of one row per value tells no photos apart."""
    found: dict[int, dict[str, array]] = {place: {} for place in places}
    if found:
        for row in range(len(rows)):
            fields = rows.fields(row)
            for place, known in found.items():
                known.setdefault(fields[place], array("q")).append(row)
    return found


def _in_blocks(known: dict[str, array]) -> bool:
    """Return whether a column has several values, each on consecutive rows, and mostly on more than one."""
    count = sum(map(len, known.values()))
    in_blocks = all(rows[-1] - rows[0] == len(rows) - 1 for rows in known.values())
    floats = any("." in value or "," in value for value in known)
    return 2 <= len(known) <= count / 2 and in_blocks and not floats
