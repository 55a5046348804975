"""The rows of a table, kept as one text each: a table may have a million."""

import csv
from array import array
from collections.abc import Iterable
from pathlib import Path

# Never in a field: text.py refuses or drops what holds it, and JSON's texts are cleaned of it.
BETWEEN = "\x1f"
DELIMITERS = ",;\t|"


class Rows:
    """Rows of fields.

    Args:
        titles: The columns' titles; empty texts where there is no header.
        file: The box file, for the messages.
        what: What a row is called in messages.
    """

    def __init__(self, titles: list[str], file: Path, what: str = "line") -> None:
        self.titles = titles
        self.file = file
        self._what = what
        self._rows: list[str] = []
        self._numbers = array("q")

    def __len__(self) -> int:
        return len(self._rows)

    def append(self, number: int, fields: Iterable[str]) -> None:
        """Add a row, with the number by which messages call it."""
        self._rows.append(BETWEEN.join(fields))
        self._numbers.append(number)

    def fields(self, row: int) -> list[str]:
        """Return the fields of a row."""
        return self._rows[row].split(BETWEEN)

    def where(self, row: int) -> str:
        """Return the place of a row, for messages."""
        return f"{self.file}: {self._what} {self._numbers[row]}"


def delimiter_of(line: str) -> str:
    """Return what stands between two fields, by a table's first line."""
    return max(DELIMITERS, key=line.count)


def read_rows(text: str, delimiter: str, header: list[str] | None, file: Path) -> Rows:
    """Return the rows of a table; blank rows are passed over, and empty fields behind the last title.

    Args:
        text: The table with its header.
        delimiter: What stands between two fields.
        header: The titles, if the first row has them.
        file: The box file, for the messages.

    Raises:
        ValueError: Naming the line that has more or fewer fields than the first.
    """
    reader = csv.reader(text.replace(BETWEEN, " ").split("\n"), delimiter=delimiter, skipinitialspace=True)
    rows: Rows | None = None
    width = 0
    try:
        for row in reader:
            fields = [*map(str.strip, row)]
            if rows is None:
                width = len(row) if header is None else len(header)
                rows = Rows(header or [""] * width, file)
                if header is not None:
                    continue
            while len(fields) > width and not fields[-1]:
                fields.pop()
            if len(fields) == width and any(fields):
                rows.append(reader.line_num, fields)
            elif any(fields):
                raise ValueError(f"{file}: line {reader.line_num}: expected {width} fields, got {len(fields)}")
    except csv.Error as error:
        raise ValueError(f"{file}: line {reader.line_num}: {error}") from error
    return rows or Rows(header or [], file)
