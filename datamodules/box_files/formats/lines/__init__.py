"""Formats of lines: tables, and fields between blanks."""

import csv
from pathlib import Path

from datamodules.box_files.formats.lines.columns import columns_of_header, missing_corners
from datamodules.box_files.formats.lines.headerless import columns_without_header, read_headerless
from datamodules.box_files.formats.lines.numbers import NumbersReader, are_numbers
from datamodules.box_files.formats.lines.rows import delimiter_of, read_rows
from datamodules.box_files.formats.lines.table import TableReader
from datamodules.box_files.formats.lines.trackers import is_dota, is_kitti, is_mot, open_dota, open_kitti, open_mot
from datamodules.box_files.formats.lines.via_csv import is_via_csv, open_via_csv
from datamodules.box_files.formats.photos import Reader

LINE_FORMATS = (
    "CSV with a header (x1, y1, x2, y2 or x, y, width, height)",
    "CSV without (SKU-110K, makesense, keras-retinanet)",
    "VIA CSV",
    "YOLO txt (class cx cy w h, polygons, poses)",
    "lines of class x1 y1 x2 y2",
    "KITTI, DOTA, MOT txt",
)


def open_lines(text: str, file: Path) -> Reader | None:
    """Return what reads the boxes of lines, or None if they are in no format that is read.

    Raises:
        ValueError: Naming the line at fault.
    """
    for fits, opened in ((is_via_csv, open_via_csv), (is_kitti, open_kitti), (is_dota, open_dota), (is_mot, open_mot)):
        if fits(text):
            return opened(text, file)
    return _open_table(text, file) or (NumbersReader(text, file) if are_numbers(text) else None)


def _open_table(text: str, file: Path) -> Reader | None:
    """Return what reads a table, or None if the first line is neither a header nor a row of a photo's box."""
    first, _, rest = text.partition("\n")
    delimiter = delimiter_of(first)
    # Excel's way to say what stands between the fields.
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        text, delimiter = rest.lstrip("\n"), first.strip()[4]
        first = text.partition("\n")[0]
    try:
        row = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return None
    header = columns_of_header(row)
    if header is not None:
        return TableReader(read_rows(text, delimiter, row, file), [header])
    if missing := missing_corners(row):
        names = ", ".join(missing)
        raise ValueError(f"{file}: line 1: expected columns x1, y1, x2, y2 in the header, missing are {names}")
    return read_headerless(text, delimiter, file) if columns_without_header(row) else None
