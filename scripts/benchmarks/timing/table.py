"""A table of measurements, for the terminal and for a document."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table as RichTable


@dataclass(frozen=True)
class Table:
    """Measurements with what is needed to read them.

    Attributes:
        title: What was measured, and on which machine.
        columns: Names of the columns.
        rows: Texts, a row per method and size.
        notes: Sentences below the table.
    """

    title: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def show(self) -> None:
        """Print the table on the terminal."""
        drawn = RichTable(title=self.title, title_justify="left")
        for index, column in enumerate(self.columns):
            drawn.add_column(column, justify="left" if index == 0 else "right")
        for row in self.rows:
            drawn.add_row(*row)
        console = Console()
        console.print(drawn)
        for note in self.notes:
            console.print(note, highlight=False)

    def markdown(self) -> str:
        """Return the table as markdown."""
        alignment = ["---", *["---:"] * (len(self.columns) - 1)]
        lines = [" | ".join(row).join(("| ", " |")) for row in (self.columns, alignment, *self.rows)]
        notes = [f"* {note}" for note in self.notes]
        return "\n".join([f"{self.title}:", "", *lines, "", *notes, ""])


def seconds_text(seconds: float) -> str:
    """Return a duration with two meaningful digits or more."""
    if seconds < 1:
        return f"{1000 * seconds:.2g} ms" if seconds < 0.0995 else f"{1000 * seconds:.0f} ms"
    return f"{seconds:.1f} s"


def growth_exponent(sizes: list[int], seconds: list[float]) -> float:
    """Return x in time ~ size^x between the two largest sizes; NaN with fewer than two."""
    if len(sizes) < 2:
        return math.nan
    return math.log(seconds[-1] / seconds[-2]) / math.log(sizes[-1] / sizes[-2])
