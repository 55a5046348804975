"""What the folder of a run is called: its overrides, in letters that can be typed in any shell and override."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import PurePath

from lightning_modules.recipe import last_key, split_override
from scripts.cli.arguments.literal import is_path

# Of a folder's name; file systems end at 255 bytes, terminals and tables earlier.
LONGEST = 100
# Where a run goes and what it is only helped by, not what it is.
PLACES = ("hydra", "hparams_search", "output_dir", "cache_dir", "weights_dir", "data_dir", "resume")
# What tells two long or changed names apart.
DIGITS = 8


def folder_name(overrides: Iterable[str], joint: str = "") -> str:
    """Return a name as ``head-cosine_lambda-10``; texts that differ have names that differ.

    Args:
        overrides: As they were typed; those that say where things go are left out.
        joint: What stands before the name, if there is one.
    """
    kept = (str(override) for override in overrides if not _is_place(split_override(str(override))[0]))
    typed = sorted(kept, key=lambda override: override.lstrip("+~"))
    exact = "_".join(map(_short, typed))
    name = re.sub(r"-+$|^-+|(?<=-)-+(?=\D)", "", re.sub(r"[^\w.+-]", "-", exact, flags=re.ASCII))
    lossy = name != exact or any(is_path(split_override(override)[0]) for override in typed)
    if lossy or len(name) > LONGEST:
        digits = hashlib.sha256("\n".join(typed).encode()).hexdigest()[:DIGITS]
        name = f"{name[: LONGEST - DIGITS - 1]}-{digits}"
    return f"{joint}{name}" if typed else ""


def _is_place(key: str) -> bool:
    return key.lstrip("+~").startswith(PLACES)


def _short(override: str) -> str:
    key, value = split_override(override)
    # Of a path the last name says enough to a reader.
    value = PurePath(value.strip("'\"")).name if is_path(key) else value
    return f"without-{last_key(key)}" if key.startswith("~") else f"{last_key(key)}-{value}"
