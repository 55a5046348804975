"""Writes the embeddings of crops, or of a photo's boxes, to a file."""

import hydra
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.process import prepare_process
from scripts.cli.start import start


@hydra.main(version_base="1.3", config_path="../conf", config_name="embed")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Read crops, embed them and write ids and embeddings."""
    # Imported late, so that --help and a mistyped override answer at once.
    from scripts.exporting.embeddings import run

    prepare_process()
    run(cfg)


if __name__ == "__main__":
    start(main, "embed")
