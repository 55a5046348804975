"""Turns the weights of the original report's network into a checkpoint of this project.

python -m scripts.convert_report weights=PATH/model_state_dict.pt output=report.ckpt
"""

import hydra
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.start import start


@hydra.main(version_base="1.3", config_path="../conf", config_name="convert_report")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Read the original report's state_dict and write a checkpoint that scripts.group takes."""
    # Imported late, so that --help and a mistyped override answer at once.
    from scripts.exporting.report_weights import run

    run(cfg)


if __name__ == "__main__":
    start(main, "convert_report")
