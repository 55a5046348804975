"""The recipe in a checkpoint: all that is needed to embed and group with it, as plain values."""

import pickle
from pathlib import Path
from typing import Any

import torch
from hydra.core.hydra_config import HydraConfig
from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf

from lightning_modules.embedder import Embedder

PARTS = ("transform", "backbone", "metric", "clustering", "aggregation")
# A checkpoint may come from anyone: it may build the project's own parts and nothing else.
ALLOWED_TARGETS = ("lightning_modules.", "datamodules.transforms.", "analysis.")


def recipe_of(cfg: DictConfig) -> dict[str, Any]:
    """Returns the parts of a configuration that grouping needs, and the overrides that made it."""
    recipe: dict[str, Any] = {part: OmegaConf.to_container(cfg[part], resolve=True) for part in PARTS}
    overrides = HydraConfig.get().overrides.task if HydraConfig.initialized() else []
    return recipe | {"overrides": [str(override) for override in overrides]}


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
    return checkpoint


def build_embedder(checkpoint: dict[str, Any]) -> Embedder:
    """Returns the trained embedder of a checkpoint, in evaluation mode."""
    recipe = checkpoint["recipe"]
    backbone = dict(recipe["backbone"])
    if "weights" in backbone:
        backbone["weights"] = None
    embedder = Embedder(build(recipe["transform"]), build(backbone), build(recipe["metric"]))
    prefix = "embedder."
    state = {k.removeprefix(prefix): v for k, v in checkpoint["state_dict"].items() if k.startswith(prefix)}
    embedder.load_state_dict(state)
    return embedder.eval()


def build(part: dict[str, Any]) -> Any:
    """Returns the object that a part of a recipe describes.

    Raises:
        ValueError: If the recipe asks for anything but a part of this project.
    """
    if not str(part.get("_target_")).startswith(ALLOWED_TARGETS):
        raise ValueError(f"the checkpoint's recipe asks for {part.get('_target_')!r}, which is no part of this project")
    return instantiate(part)
