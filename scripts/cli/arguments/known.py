"""What can be typed: groups, their options, and the keys of a command's configuration; the likeliest of them."""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from difflib import SequenceMatcher, get_close_matches
from functools import cache, reduce
from operator import getitem
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig, OmegaConf

from lightning_modules.recipe import last_key
from scripts.cli.overrides import leaves, plain_values
from scripts.cli.quick_help import CONFIGURATION, HYDRA_GROUP

# The file of conf/ that train.py reads.
TRAINING = "config"
# The group whose options choose options of other groups.
RECIPE = "recipe"
# How alike a mistyped word must be to one that exists, from 0 to 1.
LIKENESS = 0.6
AS_LIKE = 0.05
MOST_SUGGESTIONS = 3


@cache
def options_of(group: str) -> tuple[str, ...]:
    """Return the options of a group, none for what is no group."""
    return tuple(path.stem for path in sorted((CONFIGURATION / group).glob("*.yaml")) if path.name[0] != "_")


@cache
def groups() -> tuple[str, ...]:
    """Return all groups but those of Hydra itself."""
    folders = {path.parent.relative_to(CONFIGURATION).as_posix() for path in CONFIGURATION.glob("*/**/*.yaml")}
    return tuple(sorted(folder for folder in folders if folder.partition("/")[0] != HYDRA_GROUP))


@cache
def defaults_of(config_name: str) -> dict[str, str | None]:
    """Return the groups that a command takes, with their default options."""
    chosen = _listed(config_name)
    if RECIPE in chosen:
        # What a recipe chooses is chosen by every one.
        chosen |= {group.lstrip("/"): option for group, option in _listed(f"{RECIPE}/report").items()}
    return {group: option for group, option in chosen.items() if not group.startswith("override ")}


def _listed(file: str) -> dict[str, str | None]:
    defaults: Any = plain_values(OmegaConf.load(CONFIGURATION / f"{file}.yaml"))["defaults"]
    return {group: option for entry in defaults if isinstance(entry, dict) for group, option in entry.items()}


def composed(config_name: str, choices: Sequence[str] = ()) -> DictConfig:
    """Return a command's configuration with options chosen, as in ``data=folder``, and nothing else typed."""
    running = GlobalHydra.instance().is_initialized()
    with nullcontext() if running else initialize_config_dir(str(CONFIGURATION), version_base="1.3"):
        return compose(config_name, overrides=list(choices))


def keys_of(cfg: DictConfig) -> list[str]:
    """Return the dotted keys of all values that can be set."""
    values: Any = plain_values(cfg)
    named = (key for key in leaves(values, "") if last_key(key)[0] != "_")
    # What refers to another key is set there.
    return [key for key in named if not str(reduce(getitem, key.split("."), values)).startswith("${")]


def like(word: str, known: Iterable[str]) -> list[str]:
    """Return the known words that a mistyped one may have been meant for: the likeliest, and those as like."""
    lower = {item.lower(): item for item in known}
    matches = get_close_matches(word.lower(), lower, MOST_SUGGESTIONS, LIKENESS)
    scores = [SequenceMatcher(None, item, word.lower()).ratio() for item in matches]
    return [lower[item] for item, score in zip(matches, scores, strict=True) if score > scores[0] - AS_LIKE]


def keys_like(key: str, known: Sequence[str]) -> list[str]:
    """Return the known keys that a mistyped one may have been meant for: of its name, or alike in all or the last."""
    last = last_key(key)
    same = [item for item in known if last_key(item) == last]
    if same:
        return like(key, same) or same[:MOST_SUGGESTIONS]
    alike = like(key, known)
    if alike:
        return alike
    names = set(like(last, {last_key(item) for item in known}))
    ending = [item for item in known if last_key(item) in names or last_key(item).endswith(f"_{last}")]
    return ending[:MOST_SUGGESTIONS]
