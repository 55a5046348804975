"""Takes the embedder away: as a small checkpoint, or as a graph (ONNX, torch.export) checked on real crops."""

import hydra
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.start import start


@hydra.main(version_base="1.3", config_path="../conf", config_name="export")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Export the embedder of a checkpoint; of a graph, also print the largest difference on real crops."""
    # Imported late, so that --help and a mistyped override answer at once.
    from scripts.exporting.embedder import run

    run(cfg)


if __name__ == "__main__":
    start(main, "export")
