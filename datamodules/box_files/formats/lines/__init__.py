"""Formats of lines in the order in which they are tried: tables, and fields between blanks."""

import csv
from pathlib import Path

from datamodules.box_files.formats.json.via import read_via_csv
from datamodules.box_files.formats.lines.columns import columns_of_header, missing_corners
from datamodules.box_files.formats.lines.headerless import columns_without_header, read_headerless
from datamodules.box_files.formats.lines.numbers import read_numbers
from datamodules.box_files.formats.lines.rows import delimiter_of, read_rows
from datamodules.box_files.formats.lines.table import TableReader
from datamodules.box_files.formats.lines.trackers import read_dota, read_kitti, read_mot
from datamodules.box_files.formats.photos import Reader


def _read_table(text: str, file: Path) -> Reader | None:
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


LINE_FORMATS = {
    "VIA CSV (region_shape_attributes)": read_via_csv,
    "KITTI txt": read_kitti,
    "DOTA txt": read_dota,
    "MOT txt": read_mot,
    "CSV with a header (x1, y1, x2, y2 or x, y, width, height) or without (SKU-110K, makesense, keras-retinanet)":
        _read_table,
    "YOLO txt (class cx cy w h, polygons, poses), lines of class x1 y1 x2 y2": read_numbers,
}  # fmt: skip
