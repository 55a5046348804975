"""Reports on all runs below a folder: a table, figures, and what went wrong."""

import hydra
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.start import start


@hydra.main(version_base="1.3", config_path="../conf", config_name="report")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Read the runs, fold them, and write the files."""
    # Imported late: matplotlib and TensorBoard take a second, and who asks for --help should not wait for them.
    from scripts.sweep_report.command import run_report

    run_report(cfg)


if __name__ == "__main__":
    start(main, "report")
