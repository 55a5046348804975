"""Makes use of what a person answered: labelled boxes to train on, or a checkpoint that learned from the answers."""

import hydra
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.process import prepare_process
from scripts.cli.start import start


@hydra.main(version_base="1.3", config_path="../conf", config_name="review")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Read reviews and their photos, and write what was asked for."""
    # Imported late, so that --help and a mistyped override answer at once.
    from scripts.reviewing.command import run

    prepare_process()
    run(cfg)


if __name__ == "__main__":
    start(main, "review", first_word="mode")
