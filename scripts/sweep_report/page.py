"""report.html: everything in one file that opens without a network."""

from collections.abc import Sequence
from pathlib import Path

from scripts.pages.render import write_page
from scripts.sweep_report.figures import ReportFigure
from scripts.sweep_report.sweep_report import SweepReport


def write_report_page(report: SweepReport, figures: Sequence[ReportFigure], path: Path) -> None:
    """Write the page.

    Args:
        report: What its tables say.
        figures: Its figures, in their order.
        path: Of the file.
    """
    write_page(
        "sweep_report",
        path,
        title=f"Runs in {report.source}",
        summary=report.summary,
        header=report.header(),
        num_settings=len(report.setting_keys()),
        lines=report.lines(),
        notes=report.notes,
        figures=figures,
        lost=report.lost(),
    )
