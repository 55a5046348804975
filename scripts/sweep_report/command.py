"""What the report command does."""

from pathlib import Path

from omegaconf import DictConfig

from scripts.sweep_report.figures import draw_figures
from scripts.sweep_report.page import write_report_page
from scripts.sweep_report.rows import fold
from scripts.sweep_report.runs import read_runs
from scripts.sweep_report.sweep_report import SweepReport, write_markdown, write_table


def run_report(cfg: DictConfig) -> None:
    """Read the runs that a configuration names and write report.csv, report.md and report.html.

    Raises:
        FileNotFoundError: If there is no such folder, or no run in it.
    """
    source, folder = Path(cfg.runs), Path(cfg.output_dir or cfg.runs)
    runs = read_runs(source)
    report = SweepReport(source, runs, fold(runs))
    paths = [folder / f"report.{ending}" for ending in ("csv", "md", "html")]
    write_table(report, paths[0])
    write_markdown(report, paths[1])
    write_report_page(report, draw_figures(report.rows), paths[2])
    print(report.summary)
    print("wrote " + ", ".join(str(path) for path in paths))
