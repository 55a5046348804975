"""Recording in a checkpoint how its run was configured."""

from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from inference.checkpoint import PARTS


def recipe_of(cfg: DictConfig) -> dict[str, Any]:
    """Returns the parts of a configuration that grouping needs, and the overrides that made it."""
    recipe: dict[str, Any] = {part: OmegaConf.to_container(cfg[part], resolve=True) for part in PARTS}
    overrides = HydraConfig.get().overrides.task if HydraConfig.initialized() else []
    return recipe | {"overrides": [str(override) for override in overrides]}
