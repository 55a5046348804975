"""A checkpoint without what only training needs: a small file to group with, to be sent or shipped."""

from pathlib import Path
from typing import Any

import torch

from inference.checkpoint import PARTS

EMBEDDER = "embedder."
# Overrides that say where things lie on the machine of the training.
PLACES = ("cache_dir=", "weights_dir=", "resume=", "output_dir=", "hydra.")


def embedder_alone(checkpoint: dict[str, Any]) -> dict[str, Any]:
    """Returns the embedder's weights and the recipe of a checkpoint, the fitted clustering among it.

    Head, optimiser and schedule are left out, and with them the way to go on with the training.
    """
    recipe = {part: checkpoint["recipe"][part] for part in PARTS}
    overrides = checkpoint["recipe"].get("overrides", [])
    recipe["overrides"] = [override for override in overrides if not override.startswith(PLACES)]
    # Copies, for a tensor that is a view would take its whole storage along.
    state = {
        name: value.detach().contiguous().clone()
        for name, value in checkpoint["state_dict"].items()
        if name.startswith(EMBEDDER)
    }
    return {"recipe": recipe, "state_dict": state}


def write_embedder(checkpoint: dict[str, Any], path: Path) -> int:
    """Writes what is left of a checkpoint without its training; returns how many numbers the embedder has."""
    slim = embedder_alone(checkpoint)
    torch.save(slim, path)
    return sum(value.numel() for value in slim["state_dict"].values())
