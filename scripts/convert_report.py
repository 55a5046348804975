"""Turns the weights of the original report's network into a checkpoint of this project.

python -m scripts.convert_report weights=PATH/model_state_dict.pt output=report.ckpt
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import hydra
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.start import start

if TYPE_CHECKING:
    from torch import nn

# Layers of the report's network by their names here; its anchors are a training head's and are dropped.
RENAMED = {"features.": "features.", "embedding.1.": "embedding.linear.", "embedding.3.": "embedding.normalization."}


@hydra.main(version_base="1.3", config_path="../conf", config_name="convert_report")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Reads the report's state_dict and writes a checkpoint that scripts.group takes."""
    from inference.checkpoint import EMBEDDER, Checkpoint, untrained_embedder
    from lightning_modules.recipe import Recipe
    from scripts.cli.recording import parts_of

    recipe = Recipe(**parts_of(cfg))
    embedder = untrained_embedder(recipe)
    load_report_weights(embedder.get_submodule("backbone"), Path(cfg.weights))
    Checkpoint(recipe, {f"{EMBEDDER}{key}": value for key, value in embedder.state_dict().items()}).write(cfg.output)
    print(f"wrote {cfg.output}")


def load_report_weights(backbone: nn.Module, path: Path) -> None:
    """Loads the report's weights into a two-layer backbone of the same sizes.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file holds other weights.
    """
    import torch

    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    state = torch.load(path, map_location="cpu", weights_only=True)
    renamed = {}
    for key, value in state.items():
        for theirs, ours in RENAMED.items():
            if key.startswith(theirs):
                renamed[key.replace(theirs, ours, 1)] = value
    try:
        backbone.load_state_dict(renamed)
    except RuntimeError as error:
        raise ValueError(f"{path} does not hold the report's network: {error}") from error


if __name__ == "__main__":
    start(main, "convert_report")
