"""Reports on all runs below a folder: a table, figures, and what went wrong."""

from pathlib import Path

import hydra
from omegaconf import DictConfig

from scripts.cli.command_line import explain_mistakes


@hydra.main(version_base="1.3", config_path="../conf", config_name="report")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Reads the runs, folds them, and writes the files."""
    from scripts.sweep_report.page import write_page
    from scripts.sweep_report.pictures import draw_pictures
    from scripts.sweep_report.rows import fold
    from scripts.sweep_report.runs import read_runs
    from scripts.sweep_report.tables import Report, write_csv, write_markdown

    source, folder = Path(cfg.runs), Path(cfg.output_dir or cfg.runs)
    runs = read_runs(source)
    report = Report(source, runs, fold(runs))
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"report.{ending}" for ending in ("csv", "md", "html")]
    write_csv(report, paths[0])
    write_markdown(report, paths[1])
    write_page(report, draw_pictures(report.rows), paths[2])
    print(report.summary)
    print("wrote " + ", ".join(str(path) for path in paths))


if __name__ == "__main__":
    main()
