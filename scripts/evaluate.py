"""Measures how well checkpoints group labelled photos that they were not trained on."""

import hydra
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.process import prepare_process
from scripts.cli.start import start


@hydra.main(version_base="1.3", config_path="../conf", config_name="evaluate")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Group the photos of every checkpoint, summarise the measures, and write table, rows and pictures."""
    # Imported late, so that --help and a mistyped override answer at once.
    from scripts.evaluation.command import run

    prepare_process()
    run(cfg)


if __name__ == "__main__":
    start(main, "evaluate")
