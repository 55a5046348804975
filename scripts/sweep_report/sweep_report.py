"""The sweep report: what stands in its tables, and report.csv and report.md made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.whole_file import write_text
from scripts.pages.csv_table import write_csv
from scripts.sweep_report.rows import Row, Spread, differing_keys, largest_difference
from scripts.sweep_report.runs import FAILED, FINISHED, UNFINISHED, Run

MEASURE_TITLES = {
    "best": "best",
    "grouping_all/ari": "ARI",
    "grouping_all/ami": "AMI",
    "grouping_all/bcubed_f": "BCubed F",
    "grouping_seen/ari": "ARI seen",
    "grouping_unseen/ari": "ARI unseen",
    "val/accuracy": "accuracy",
    "seconds": "seconds",
}

LOST_TITLES = {FAILED: "Failed", UNFINISHED: "Not finished: killed, or still running"}


@dataclass(frozen=True)
class SweepReport:
    """All that a sweep report says, apart from its figures.

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
        """Return the names of the columns of the table of settings."""
        return ["no", *self.setting_keys(), "n", "runs", *MEASURE_TITLES.values()]

    def lines(self) -> list[list[str]]:
        """Return the cells of the table of settings."""
        return [
            [str(row.number), *row.settings.values(), str(len(row.distinct)), str(len(row.runs))]
            + [_cell(row.measures.get(name), digits=0 if name == "seconds" else 3) for name in MEASURE_TITLES]
            for row in self.rows
        ]

    def setting_keys(self) -> list[str]:
        """Return the keys that distinguish the settings, in the order of their columns."""
        return list(self.rows[0].settings) if self.rows else []

    def lost(self) -> dict[str, list[tuple[str, str, str]]]:
        """Return what was typed, why it ended, and the folder of each run without a value, by how it ended."""
        keys = differing_keys(self.runs)
        if len({run.seed for run in self.runs}) > 1:
            keys.append("seed")
        lost: dict[str, list[tuple[str, str, str]]] = {}
        for status, title in LOST_TITLES.items():
            for run in self.runs:
                if run.status == status:
                    typed = " ".join(f"{key}={run.value_of(key)}" for key in keys)
                    lost.setdefault(title, []).append((typed, str(run.result.get("reason", "")), run.name))
        return lost


def write_table(report: SweepReport, path: Path) -> None:
    """Write a line per setting with all measures, unrounded, and one per run that failed or did not end."""
    names = sorted({name for row in report.rows for name in row.measures})
    keys = list(dict.fromkeys([*report.setting_keys(), *differing_keys(report.runs)]))
    spreads = [f"{name} {part}" for name in names for part in ("mean", "std")]
    columns = ["status", "no", *keys, "n", "runs", *spreads, "reason", "folder"]
    lines = [*map(_of_setting, report.rows), *(_of_lost(run, keys) for run in report.runs if run.status != FINISHED)]
    write_csv(path, columns, ([line.get(column, "") for column in columns] for line in lines))


def write_markdown(report: SweepReport, path: Path) -> None:
    """Write the tables for reading in a terminal or a repository."""
    parts = [f"# Runs in {report.source}", report.summary + "."]
    if report.rows:
        parts += [_markdown_table(report.header(), report.lines()), *report.notes]
    for title, lines in report.lost().items():
        parts += [f"## {title}", _markdown_table(["run", "reason", "folder"], lines)]
    write_text(path, "\n\n".join(parts) + "\n")


def _of_setting(row: Row) -> dict[str, object]:
    """Return the cells of a setting's line by column."""
    cells = {"status": FINISHED, "no": row.number, "n": len(row.distinct), "runs": len(row.runs), **row.settings}
    for name, spread in row.measures.items():
        deviation = "" if spread.deviation is None else spread.deviation
        cells |= {f"{name} mean": spread.mean, f"{name} std": deviation}
    return cells | {"folder": " ".join(run.name for run in row.runs)}


def _of_lost(run: Run, keys: Sequence[str]) -> dict[str, object]:
    """Return the cells of a line of a run without a value."""
    typed: dict[str, object] = {key: run.value_of(key) for key in keys}
    ending = {"status": run.status, "reason": run.result.get("reason", ""), "folder": run.name}
    return typed | {"runs": 1} | ending


def _markdown_table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    escaped = [[cell.replace("|", "\\|") for cell in line] for line in (header, ["---"] * len(header), *lines)]
    return "\n".join("| " + " | ".join(line) + " |" for line in escaped)


def _cell(spread: Spread | None, digits: int) -> str:
    if spread is None:
        return ""
    mean = f"{spread.mean:.{digits}f}"
    return mean if spread.deviation is None else f"{mean} ± {spread.deviation:.{digits}f}"
