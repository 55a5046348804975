"""The configuration that a checkpoint recorded, held against what this project may build.

A checkpoint may come from a stranger, and a configuration names the classes that are built from it. Only classes and
functions that a file of the project's own conf/ names are.
"""

import re
from collections import Counter
from functools import cache

from lightning_modules.recipe import Plain, PlainDict, last_key
from scripts.cli.quick_help import CONFIGURATION

TARGET = "_target_"


def known_parts_only(configuration: PlainDict, source: str) -> PlainDict:
    """Return a recorded configuration as it is, its classes where they are today.

    Args:
        configuration: Plain values, as :class:`Recipe` has checked them.
        source: The file it comes from, for messages.

    Raises:
        ValueError: If it asks for a class or a function that no file of conf/ names.
    """
    return {key: _with_known_targets(value, f"{source}: {key}") for key, value in configuration.items()}


@cache
def known_targets() -> dict[str, str]:
    """Return the dotted path of every class and function that conf/ names, by itself and by its last name."""
    texts = (path.read_text() for path in CONFIGURATION.rglob("*.yaml"))
    paths = {path for text in texts for path in re.findall(rf"^\s*{TARGET}:\s*([\w.]+)\s*$", text, flags=re.MULTILINE)}
    names = Counter(map(last_key, paths))
    return {path: path for path in paths} | {last_key(path): path for path in paths if names[last_key(path)] == 1}


def _with_known_targets(value: Plain, where: str) -> Plain:
    if isinstance(value, list):
        return [_with_known_targets(item, f"{where}[{number}]") for number, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    kept = {key: _with_known_targets(item, f"{where}.{key}") for key, item in value.items()}
    if TARGET in kept:
        target = kept[TARGET]
        # A class that has moved since is found by its name.
        known = known_targets().get(str(target)) or known_targets().get(last_key(str(target)))
        if known is None:
            raise ValueError(f"{where}.{TARGET} is {target!r:.80}, which is none of this project's parts: see conf/")
        kept[TARGET] = known
    return kept
