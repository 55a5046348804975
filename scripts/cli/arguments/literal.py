"""Paths are taken as they stand: Hydra's grammar would trip over their equals signs, commas, spaces and alphabets."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from lightning_modules.recipe import last_key

# Last names of the options whose value is a path, or a pattern that paths are matched with.
PATHS = re.compile(
    "answers|boxes|cache_dir|checkpoints?|crops|data_dir|dir|dirpath|label_map|output|output_dir|photo|photo_pattern|photos|"
    "resume|root|runs|truth|weights|weights_dir"
)
# The only one that is a list of paths.
LIST = "checkpoints"
# What Hydra reads as the text that it is. A number such as 2024 would lose its zeros, or be none that a path can be.
PLAIN = re.compile(r"(?:/|\.{1,2}/|[A-Za-z_])[\w./+@%-]*", re.ASCII)
NOT_TEXT = frozenset({"true", "false", "nan", "inf"})
# Values in Hydra's own spelling: quoted, with references, with all that is special escaped, null, to be given.
SPELLED = re.compile(
    r"""'.*'|".*"|.*\$\{.*\}.*|(?=.*\\)(?:\\[\\,=:()\[\]{} ]|[\w./+@%:-])*|null|\?\?\?|""", re.DOTALL | re.ASCII
)
# Functions that make the values of a sweep.
SWEPT = re.compile(r"\w+\(.*\)", re.DOTALL)
SWEEP_FLAGS = frozenset({"-m", "--multirun"})


def literal_paths(arguments: Sequence[str]) -> list[str]:
    """Return arguments in which the values of path options are quoted for Hydra where it would not read them as text.

    With -m, commas still divide the values of a sweep, unless a file or folder of the whole name exists.
    """
    sweep = not SWEEP_FLAGS.isdisjoint(arguments)
    return [_literal(argument, sweep) for argument in arguments]


def quoted(value: str) -> str:
    """Return a text in Hydra's quotes."""
    # In quotes, Hydra halves the backslashes before a quote and keeps all others.
    escaped = re.sub(r'(\\*)(")', r'\1\1\\"', value)
    return '"' + re.sub(r"(\\+)$", r"\1\1", escaped) + '"'


def is_path(key: str) -> bool:
    """Return whether an override's key is a path option."""
    return PATHS.fullmatch(last_key(key)) is not None


def asked_for(key: str) -> str:
    """Return how a value is asked for, as in ``checkpoint=PATH``."""
    return f"{key}={'PATH' if is_path(key) else 'VALUE'}"


def _literal(argument: str, sweep: bool) -> str:
    key, equals, value = argument.partition("=")
    if not equals or key.startswith("-") or "/" in key or not is_path(key) or _is_spelled(value):
        return argument
    if key == LIST and value.startswith("[") and value.endswith("]"):
        return f"{key}=[{','.join(map(_text, _items(value[1:-1])))}]"
    if sweep and not Path(value).exists() and (SWEPT.fullmatch(value) or "," in value):
        swept = [value] if SWEPT.fullmatch(value) else list(map(_text, _items(value)))
        return f"{key}={','.join(swept)}"
    return f"{key}={_text(value)}"


def _is_spelled(value: str) -> bool:
    return SPELLED.fullmatch(value) is not None and not (value and Path(value).exists())


def _items(values: str) -> Iterator[str]:
    """Yield the parts between commas, of which several may be the name of one file or folder that exists."""
    parts = values.split(",")
    while parts:
        ends = range(len(parts), 1, -1)
        end = next((end for end in ends if Path(",".join(parts[:end]).strip()).exists()), 1)
        yield ",".join(parts[:end]).strip()
        parts = parts[end:]


def _text(value: str) -> str:
    # The shell leaves ~ alone behind a dotted key.
    value = str(Path(value).expanduser()) if value.startswith("~/") else value
    plain = PLAIN.fullmatch(value) and value.lower() not in NOT_TEXT
    return value if plain or SPELLED.fullmatch(value) else quoted(value)
