"""The configuration that a checkpoint recorded, held against what this project may build and where it may write.

A checkpoint may come from a stranger. It may bring the values of options: of the network, the data that are read, the
training's length and so on. Only the classes and functions that a file of the project's own conf/ names are built.
Where files are written and what leaves the machine is said by the user and by conf/ alone.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from omegaconf import OmegaConf

from lightning_modules.recipe import Plain, PlainDict, last_key
from scripts.cli.quick_help import CONFIGURATION

TARGET = "_target_"
# How Hydra builds an object; all else that begins with _ would pass arguments by a side door.
BUILDING = frozenset({TARGET, "_partial_", "_convert_"})
OWN_PLACE = re.compile(r"\$\{(output_dir|cache_dir)\}")
LOGGERS = "pytorch_lightning.loggers."
# Classes of which any text might be the name of a file.
WRITING = re.compile(r"pytorch_lightning\.|callbacks\.checkpoints\.")
# A text that leads to no other folder, and one that names a measure.
WORD = re.compile(r"[A-Za-z0-9][\w+-]*(\.\w+)*", re.ASCII)
MEASURE = "monitor"


def known_parts_only(configuration: PlainDict, source: str) -> PlainDict:
    """Return a recorded configuration with its classes where they are today, and places as this project's conf/ says.

    Args:
        configuration: Plain values, as :class:`Recipe` has checked them.
        source: The file it comes from, for messages.

    Raises:
        ValueError: If it asks for a class or a function that no file of conf/ names, or says where files are written.
    """
    return {key: _checked(value, f"{source}: {key}") for key, value in configuration.items()}


@cache
def known_targets() -> dict[str, str]:
    """Return the dotted path of every class and function that conf/ names, by itself and by its last name."""
    paths = set(_known_options())
    names = Counter(map(last_key, paths))
    return {path: path for path in paths} | {last_key(path): path for path in paths if names[last_key(path)] == 1}


@cache
def _known_options() -> dict[str, PlainDict]:
    """Return the options that conf/ gives to each class, by its dotted path."""
    options: dict[str, PlainDict] = {}
    for path in sorted(CONFIGURATION.rglob("*.yaml")):
        if TARGET in path.read_text():
            for node in _nodes(OmegaConf.to_container(OmegaConf.load(path), resolve=False)):
                options.setdefault(str(node[TARGET]), {}).update(node)
    return options


def _nodes(value: object) -> Iterator[PlainDict]:
    """Yield the mappings in a value that describe an object."""
    if isinstance(value, dict):
        if TARGET in value:
            yield value
        for item in value.values():
            yield from _nodes(item)


def _checked(value: Plain, where: str) -> Plain:
    if isinstance(value, list):
        return [_checked(item, f"{where}[{number}]") for number, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    kept = {key: _checked(item, f"{where}.{key}") for key, item in value.items()}
    if TARGET not in kept:
        return kept
    target = kept[TARGET]
    # A class that has moved since is found by its name.
    known = known_targets().get(str(target)) or known_targets().get(last_key(str(target)))
    if known is None:
        raise ValueError(f"{where}.{TARGET} is {target!r:.80}, which is none of this project's parts: see conf/")
    return _with_own_places(kept | {TARGET: known}, where)


def _with_own_places(node: PlainDict, where: str) -> PlainDict:
    """Return the description of an object in which nothing says where files are written but conf/."""
    target = str(node[TARGET])
    own = _known_options()[target]
    if target.startswith(LOGGERS):
        return dict(own)
    kept = dict(node)
    for key, value in node.items():
        default = own.get(key)
        if key.startswith("_") and key not in BUILDING:
            raise ValueError(f"{where}.{key} is more than an option of {last_key(target)}")
        if isinstance(default, str) and OWN_PLACE.search(default):
            kept[key] = default
        elif WRITING.match(target) and key != TARGET and value != default and not _leads_nowhere(key, value):
            raise ValueError(
                f"{where}.{key} is {value!r:.80}, which might say where files are written: that is typed, and not "
                "taken from a checkpoint"
            )
    return kept


def _leads_nowhere(key: str, value: Plain) -> bool:
    if isinstance(value, list):
        return all(_leads_nowhere(key, item) for item in value)
    if isinstance(value, str):
        return key == MEASURE or WORD.fullmatch(value) is not None
    return not isinstance(value, dict)
