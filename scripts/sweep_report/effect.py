"""What of a run's configuration has an effect on what it measures."""

import json

from omegaconf import DictConfig, OmegaConf, open_dict

from scripts.cli.overrides import without_keys
from scripts.cli.sweep import PLACES

# Places and seeds: the same run elsewhere, or once more.
NEUTRAL = {**dict.fromkeys(PLACES, ""), "seed": 0}
# Parts that only write down what happens.
SILENT_PARTS = ("logger",)
# How a run is carried out and shown, in whichever part.
SILENT_KEYS = {
    "accelerator",
    "cache_dir",
    "default_root_dir",
    "devices",
    "enable_model_summary",
    "enable_progress_bar",
    "log_every_n_steps",
    "num_workers",
    "workers",
}
OTHER = "another value"


def effect_of(cfg: DictConfig) -> str:
    """Return a text that is the same for runs that differ in seed and place only.

    It holds every part that builds an object, resolved, so that a root key counts through the parts that read it:
    lambda does with head=cosine and does not with head=linear. Callbacks are not parts; those of this project watch.
    """
    plain = cfg.copy()
    with open_dict(plain):
        plain.merge_with({name: value for name, value in NEUTRAL.items() if name in plain})
    parts = {}
    for name in plain:
        part = plain._get_node(name)
        if name not in SILENT_PARTS and isinstance(part, DictConfig) and not part._is_none() and "_target_" in part:
            parts[str(name)] = without_keys(OmegaConf.to_container(part, resolve=True), SILENT_KEYS)
    return json.dumps({"monitor": plain.get("monitor"), **parts}, sort_keys=True, default=str)


def has_effect(cfg: DictConfig, key: str) -> bool:
    """Return whether another value of a key would make it another run.

    Args:
        cfg: The run's configuration.
        key: Dotted, as in an override.
    """
    changed = cfg.copy()
    OmegaConf.update(changed, key, OTHER, merge=False, force_add=True)
    return effect_of(changed) != effect_of(cfg)
