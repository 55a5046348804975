"""Typed values held against those that they replace: a number stays a number, a yes or no stays one."""

from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from omegaconf import OmegaConf

from scripts.cli.arguments.known import composed, groups
from scripts.cli.arguments.literal import is_path
from scripts.cli.quick_help import CONFIGURATION

# Numbers for which a word stands too ("auto"), and switches with a third position ("all", "auto").
FREE = frozenset({
    "trainer.devices", "logger.log_model", "module.cache_features", "callbacks.lda_initialization.crops_per_class"
})  # fmt: skip


def check_types() -> None:
    """Check the values that were typed for this call.

    Raises:
        ValueError: If a word or a switch is given for a number, or something else than a switch for a switch.
    """
    if not HydraConfig.initialized():
        return
    hydra = HydraConfig.get()
    read = {Path(source.path) for source in hydra.runtime.config_sources if source.provider == "main"}
    overrides = OverridesParser.create().parse_overrides([str(item) for item in hydra.overrides.task])
    values = [item for item in overrides if item.key_or_group not in groups() and not item.is_delete()]
    doubtful = [item for item in values if _is_doubtful(item)]
    # A process of a training on several devices reads what the first one left.
    if not doubtful or read != {CONFIGURATION}:
        return
    choices = [str(item.input_line) for item in overrides if item.key_or_group in groups()]
    cfg = composed(str(hydra.job.config_name), choices)
    for override in doubtful:
        key = override.key_or_group
        default = OmegaConf.select(cfg, key, default=None, throw_on_missing=False)
        wanted = _wanted(default, override.value())
        if wanted:
            raise ValueError(f"{key} must be {wanted}, got {str(override.value())!r}: try {key}={str(default).lower()}")


def _is_doubtful(override: Override) -> bool:
    """Return whether a value may be of the wrong type: composing what it replaces takes a moment."""
    key, value = override.key_or_group, override.value()
    if key.partition(".")[0] == "hydra" or key in FREE or is_path(key):
        return False
    return isinstance(value, bool) or (not isinstance(value, int | float | list | dict) and "${" not in str(value))


def _wanted(default: object, value: object) -> str | None:
    """Return what a value must be, None where it may be what it is."""
    if value is None or default is None:
        return None
    if isinstance(default, bool):
        return None if isinstance(value, bool) else "true or false"
    return "a number" if isinstance(default, int | float) else None
