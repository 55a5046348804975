"""Groups the detections of shelf photos with a trained checkpoint."""

import hydra
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.process import prepare_process
from scripts.cli.start import start


@hydra.main(version_base="1.3", config_path="../conf", config_name="group")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Read photos and boxes, group, write the files, and list what failed."""
    # Imported late, so that --help and a mistyped override answer at once.
    from scripts.group_output.command import run

    prepare_process()
    run(cfg)


if __name__ == "__main__":
    start(main, "group")
