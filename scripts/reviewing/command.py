"""The work of scripts.review."""

from importlib import import_module

from omegaconf import DictConfig

# Each module has a function run(cfg).
MODES = {"label": "scripts.reviewing.label", "learn": "scripts.reviewing.learn"}


def run(cfg: DictConfig) -> None:
    """Write labelled boxes, or a checkpoint that learned.

    Raises:
        ValueError: If there is no such mode.
    """
    if cfg.mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, got {cfg.mode!r}")
    import_module(MODES[cfg.mode]).run(cfg)
