"""Recording in a checkpoint how its run was configured: the one place where a recipe is made."""

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from lightning_modules.recipe import PARTS, Plain, PlainDict, Recipe, calls_function, split_override
from scripts.cli.overrides import known_overrides, plain_values

# Typed keys that say where a run went, not what it was.
PASSING = ("resume", "output_dir", "hydra.", "hydra/")


def recipe_of(cfg: DictConfig) -> Recipe:
    """Return what a checkpoint is to know of the run of a configuration.

    References between values stay, so that ``lambda=5`` typed with resume= still reaches the head. What a function
    of the configuration gives (``${hydra:...}``, ``${oc.env:...}``) is kept as its value.
    """
    raw, resolved = plain_values(cfg), plain_values(cfg, resolve=True)
    choices, overrides = {}, {}
    if HydraConfig.initialized():
        chosen = HydraConfig.get().runtime.choices
        choices = {group: option for group, option in chosen.items() if option is not None and "hydra/" not in group}
        lasting = (
            pair for pair in map(split_override, known_overrides()) if not pair[0].lstrip("+").startswith(PASSING)
        )
        overrides = {key: _text(cfg, key, value) for key, value in lasting}
    return Recipe(
        **parts_of(cfg),
        configuration={key: _recorded(value, resolved[key]) for key, value in raw.items()},
        choices=choices,
        overrides=overrides,
    )


def parts_of(cfg: DictConfig) -> dict[str, PlainDict]:
    """Return the parts of a configuration that grouping needs, with all references replaced by their values."""
    return {part: plain_values(cfg[part], resolve=True) for part in PARTS}


def _text(cfg: DictConfig, key: str, value: str) -> str:
    """Return an override's value as it was typed, or what a function of the configuration made of it."""
    return str(OmegaConf.select(cfg, key.lstrip("+"))) if calls_function(value) else value


def _recorded(value: Plain, resolved: Plain) -> Plain:
    if isinstance(value, dict) and isinstance(resolved, dict):
        return {key: _recorded(item, resolved[key]) for key, item in value.items()}
    if isinstance(value, list) and isinstance(resolved, list):
        return [_recorded(item, result) for item, result in zip(value, resolved, strict=True)]
    return resolved if isinstance(value, str) and calls_function(value) else value
