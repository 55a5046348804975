"""The work of scripts.convert_report."""

from pathlib import Path

from omegaconf import DictConfig
from torch import nn

from inference.checkpoint import EMBEDDER, Checkpoint, untrained_embedder
from lightning_modules.recipe import Recipe
from lightning_modules.torch_file import read_torch_file
from scripts.cli.recording import parts_of

# Layers of the original report's network by their names here; its anchors are a training head's and are dropped.
RENAMED = {"features.": "features.", "embedding.1.": "embedding.linear.", "embedding.3.": "embedding.normalization."}


def run(cfg: DictConfig) -> None:
    """Read the original report's state_dict and write a checkpoint that scripts.group takes."""
    recipe = Recipe(**parts_of(cfg), choices={}, overrides={})
    embedder = untrained_embedder(recipe)
    load_report_weights(embedder.get_submodule("backbone"), Path(cfg.weights))
    Checkpoint(recipe, {f"{EMBEDDER}{key}": value for key, value in embedder.state_dict().items()}).write(cfg.output)
    print(f"wrote {cfg.output}")


def load_report_weights(backbone: nn.Module, path: Path) -> None:
    """Load the original report's weights into a two-layer backbone of the same sizes.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file holds other weights.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    state = read_torch_file(path)
    if not isinstance(state, dict):
        raise ValueError(f"{path} does not hold the original report's network: it is no state_dict")
    renamed = {}
    for key, value in state.items():
        for theirs, ours in RENAMED.items():
            if key.startswith(theirs):
                renamed[key.replace(theirs, ours, 1)] = value
    try:
        backbone.load_state_dict(renamed)
    except RuntimeError as error:
        raise ValueError(f"{path} does not hold the original report's network: {error}") from error
