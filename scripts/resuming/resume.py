"""Going on from a checkpoint: the configuration that its run recorded, and on top what is typed now."""

from collections.abc import Iterator
from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, open_dict, read_write

from lightning_modules.recipe import Plain, PlainDict, Recipe, calls_function
from scripts.cli.checks import check_overrides
from scripts.cli.overrides import decided_keys, plain_values, typed_overrides
from scripts.cli.precision import choose_precision
from scripts.cli.process import prepare_process
from scripts.resuming.recorded_config import known_parts_only

# Root keys that are this call's, typed or not: a checkpoint, which may be a stranger's, does not say where to write.
OWN = ("resume", "output_dir", "cache_dir")


def prepared(cfg: DictConfig) -> DictConfig:
    """Prepare the process for a training, and return the configuration that is trained."""
    # Here and not where the program starts: a sweep's launchers run jobs in processes of their own.
    prepare_process()
    cfg = resumed(cfg)
    check_overrides(cfg)
    choose_precision(cfg)
    return cfg


def resumed(cfg: DictConfig) -> DictConfig:
    """Return the configuration of the run that ``resume`` names, with what this call's user typed on top.

    Raises:
        FileNotFoundError: If there is no such checkpoint.
        ValueError: If it keeps no configuration, or one that builds something else than this project's parts.
    """
    if cfg.resume is None:
        return cfg
    # Imported late: torch would keep --help and --cfg waiting.
    from inference.checkpoint import Checkpoint

    checkpoint = Checkpoint.read(cfg.resume)
    recipe = checkpoint.recipe
    if recipe.configuration is None:
        again = " ".join(recipe.typed)
        raise ValueError(
            f"resume: {cfg.resume} is of an earlier format, which kept no configuration of its run to go on with; "
            f"train anew: python train.py {again}".rstrip()
        )
    if not checkpoint.resumable:
        raise ValueError(
            f"resume: {cfg.resume} holds no whole state of a training, as what scripts.export writes holds none; "
            "type resume=PATH of the last.ckpt in the folder of its run"
        )
    typed, current = typed_overrides(), plain_values(cfg)
    keys, groups = decided_keys(typed)
    recorded = recipe.configuration
    keys |= {*OWN, *(key for key in _made_by_functions(current) if _found(recorded, key))}
    for key in keys:
        _set(recorded, key, [])
    merged = known_parts_only(recorded, str(cfg.resume))
    # Shorter keys first: a group's whole node, then single values in it.
    for key in sorted(keys):
        _set(merged, key, _found(current, key))
    _remember(recipe, groups, typed)
    return DictConfig(merged)


def _made_by_functions(values: PlainDict, prefix: str = "") -> Iterator[str]:
    """Yield the keys whose values a function of the configuration makes, as ``${hydra:...}``: they are this call's."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _made_by_functions(value, f"{prefix}{name}.")
        elif isinstance(value, str) and calls_function(value):
            yield f"{prefix}{name}"


def _found(values: Plain, key: str) -> list[Plain]:
    """Return the value of a dotted key as the only one of a list, which is empty where there is none."""
    for name in key.split("."):
        if not isinstance(values, dict) or name not in values:
            return []
        values = values[name]
    return [values]


def _set(values: PlainDict, key: str, found: list[Plain]) -> None:
    """Set a dotted key to what was found, or remove it where that is nothing."""
    *parents, last = key.split(".")
    for name in parents:
        inner = values.setdefault(name, {}) if found else values.get(name)
        if not isinstance(inner, dict):
            return
        values = inner
    if found:
        values[last] = found[0]
    else:
        values.pop(last, None)


def _remember(recipe: Recipe, groups: set[str], typed: list[str]) -> None:
    """Tell Hydra's own record of this call what the resumed run chose, for what reads it there."""
    hydra: Any = HydraConfig.get()
    options = {group: hydra.runtime.choices.get(group) for group in groups}
    with read_write(hydra), open_dict(hydra):
        hydra.runtime.choices.update({**recipe.choices, **options})
        hydra.overrides.task = [*recipe.typed, *typed]
