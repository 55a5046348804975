"""The report's tables: what stands in each cell, and report.csv and report.md made of it."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.sweep_report.rows import Row, Spread, differing_keys, largest_difference
from scripts.sweep_report.runs import FAILED, FINISHED, UNFINISHED, Run

SHOWN = {
    "best": "best",
    "grouping_all/ari": "ARI",
    "grouping_all/ami": "AMI",
    "grouping_all/bcubed_f": "BCubed F",
    "grouping_seen/ari": "ARI seen",
    "grouping_unseen/ari": "ARI unseen",
    "val/accuracy": "accuracy",
    "seconds": "seconds",
}


@dataclass(frozen=True)
class Report:
    """All that a report says, apart from its pictures.

    Attributes:
        source: The folder that it is about.
        runs: All runs in it.
        rows: The finished ones, folded.
    """

    source: Path
    runs: Sequence[Run]
    rows: Sequence[Row]

    @property
    def summary(self) -> str:
        """How many runs there are and how they ended."""
        counts = {status: sum(run.status == status for run in self.runs) for status in (FINISHED, FAILED, UNFINISHED)}
        ended = ", ".join(f"{count} {status}" for status, count in counts.items())
        return f"{len(self.runs)} runs: {ended}; {len(self.rows)} settings"

    @property
    def notes(self) -> list[str]:
        """What a reader has to know about the numbers."""
        monitors = sorted({str(run.result["monitor"]) for run in self.runs if run.result.get("monitor")})
        notes = [
            f"best: highest {' or '.join(monitors) or 'monitored measure'} of all epochs; the other measures are the "
            "last epoch's, means over photos. Mean ± standard deviation over seeds (n seeds).",
        ]
        repeats, difference = largest_difference(self.rows)
        if repeats:
            notes.append(
                f"{repeats} runs only repeat another one of their row and seed, for what was typed differently (-) has "
                f"no effect on them; they count once. Their best values differ by at most {difference:.2g}."
            )
        return notes

    def header(self) -> list[str]:
        """Returns the names of the columns of the table of settings."""
        return ["no", *self._keys(), "n", "runs", *SHOWN.values()]

    def lines(self) -> list[list[str]]:
        """Returns the cells of the table of settings."""
        return [
            [str(row.number), *row.settings.values(), str(len(row.distinct)), str(len(row.runs))]
            + [_cell(row.measures.get(name), digits=0 if name == "seconds" else 3) for name in SHOWN]
            for row in self.rows
        ]

    def lost(self, status: str) -> list[list[str]]:
        """Returns what was typed, why it ended, and the folder, for each run with a status."""
        keys = differing_keys(self.runs)
        if len({run.seed for run in self.runs}) > 1:
            keys.append("seed")
        return [
            [" ".join(f"{key}={run.value_of(key)}" for key in keys), str(run.result.get("reason", "")), run.name]
            for run in self.runs
            if run.status == status
        ]

    def _keys(self) -> list[str]:
        return list(self.rows[0].settings) if self.rows else []


def write_csv(report: Report, path: Path) -> None:
    """Writes a line per setting with all measures, unrounded, and one per run that failed or did not end."""
    names = sorted({name for row in report.rows for name in row.measures})
    keys = list(dict.fromkeys([*report.header()[1 : -len(SHOWN) - 2], *differing_keys(report.runs)]))
    spreads = [f"{name} {part}" for name in names for part in ("mean", "std")]
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["status", "no", *keys, "n", "runs", *spreads, "reason", "folder"], restval="")
        writer.writeheader()
        for row in report.rows:
            cells = {
                "status": FINISHED,
                "no": row.number,
                "n": len(row.distinct),
                "runs": len(row.runs),
                **row.settings,
            }
            for name, spread in row.measures.items():
                deviation = "" if spread.deviation is None else spread.deviation
                cells |= {f"{name} mean": spread.mean, f"{name} std": deviation}
            writer.writerow(cells | {"folder": " ".join(run.name for run in row.runs)})
        for run in report.runs:
            if run.status != FINISHED:
                typed = {key: run.value_of(key) for key in keys}
                ending = {"status": run.status, "reason": run.result.get("reason", ""), "folder": run.name}
                writer.writerow(typed | {"runs": 1} | ending)


def write_markdown(report: Report, path: Path) -> None:
    """Writes the tables for reading in a terminal or a repository."""
    parts = [f"# Runs in {report.source}", report.summary + "."]
    if report.rows:
        parts += [_markdown_table(report.header(), report.lines()), *report.notes]
    for status, title in ((FAILED, "Failed"), (UNFINISHED, "Not finished: killed, or still running")):
        if report.lost(status):
            parts += [f"## {title}", _markdown_table(["run", "reason", "folder"], report.lost(status))]
    path.write_text("\n\n".join(parts) + "\n")


def _markdown_table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    escaped = [[cell.replace("|", "\\|") for cell in line] for line in (header, ["---"] * len(header), *lines)]
    return "\n".join("| " + " | ".join(line) + " |" for line in escaped)


def _cell(spread: Spread | None, digits: int) -> str:
    if spread is None:
        return ""
    mean = f"{spread.mean:.{digits}f}"
    return mean if spread.deviation is None else f"{mean} ± {spread.deviation:.{digits}f}"
