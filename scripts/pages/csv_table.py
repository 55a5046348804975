"""CSV files that a spreadsheet takes for data, whoever chose the names in them."""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis.whole_file import whole_file

# What makes a spreadsheet compute a cell instead of showing it; the wide signs do so in East Asian ones. A sign alone
# is shown, as the one that stands for no value.
FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20].", re.DOTALL)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table as UTF-8, whole or not at all.

    Args:
        path: The file; its folder is made.
        columns: The names of the columns.
        rows: The cells of each line. A text that a spreadsheet would compute gets a ``'`` before it, as a user of
            spreadsheets would type; numbers, also those written as text, stay what they are.
    """
    with whole_file(path) as unfinished, unfinished.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(map(_harmless, columns))
        writer.writerows(map(_harmless, row) for row in rows)


def _harmless(cell: object) -> object:
    if isinstance(cell, str) and FORMULA.match(cell) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
