"""The work of scripts.review."""

from importlib import import_module

from omegaconf import DictConfig

# Each module has a function run(cfg).
MODES = {"label": "scripts.reviewing.label"}


def run(cfg: DictConfig) -> None:
    """Do what the mode says.

    Raises:
        ValueError: If there is no such mode.
    """
    if cfg.mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, got {cfg.mode!r}")
    import_module(MODES[cfg.mode]).run(cfg)
