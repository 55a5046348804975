"""The recipe in a checkpoint: all that is needed to embed and group with it, as plain values."""

import pickle
from pathlib import Path
from typing import Any

import torch

from datamodules.transforms.crop_resize import CropResize
from inference.parts import build_part
from lightning_modules.embedder import Embedder

PARTS = ("resize", "preprocessing", "backbone", "metric", "clustering", "aggregation")


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Returns a checkpoint's content, read without executing anything in it.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is no checkpoint of this project.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no checkpoint {path}")
    try:
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, pickle.UnpicklingError, EOFError, KeyError, ValueError, OSError) as error:
        raise ValueError(f"{path} is no checkpoint of this project: {type(error).__name__} {error}") from error
    if not isinstance(checkpoint, dict) or not {"recipe", "state_dict"} <= checkpoint.keys():
        raise ValueError(f"{path} is no checkpoint of this project: it holds no recipe")
    return checkpoint | {"recipe": with_split_transform(checkpoint["recipe"])}


def with_split_transform(recipe: dict[str, Any]) -> dict[str, Any]:
    """Return a recipe in which resizing and preprocessing are two parts; older ones hold both as one transform."""
    if "transform" not in recipe:
        return recipe
    rest = {name: value for name, value in recipe["transform"].items() if not name.startswith("_")}
    resize = {name: rest.pop(name) for name in ("image_size", "shape") if name in rest}
    return {
        "resize": {"_target_": "CropResize", **resize},
        "preprocessing": {"_target_": "BatchPreprocessing", **rest},
        **{name: value for name, value in recipe.items() if name != "transform"},
    }


def build_resize(checkpoint: dict[str, Any]) -> CropResize:
    """Return how crops are resized for the embedder of a checkpoint."""
    return build_part(checkpoint["recipe"]["resize"])


def build_embedder(checkpoint: dict[str, Any]) -> Embedder:
    """Returns the trained embedder of a checkpoint, in evaluation mode."""
    recipe = checkpoint["recipe"]
    backbone = dict(recipe["backbone"])
    if "weights" in backbone:
        backbone["weights"] = None
    embedder = Embedder(build_part(recipe["preprocessing"]), build_part(backbone), build_part(recipe["metric"]))
    prefix = "embedder."
    state = {k.removeprefix(prefix): v for k, v in checkpoint["state_dict"].items() if k.startswith(prefix)}
    embedder.load_state_dict(state)
    return embedder.eval()
