"""Old spellings of overrides, which still answer and say what they are called now."""

import re
import sys
from collections.abc import Sequence

# An option of a group, or a value of a root key.
VALUES = {
    "trainer=smoke": "debug=smoke",
    "data=shelves": "data=joined",
    "sampler=rooted": "sampler=sqrt",
    "aggregation=report": "aggregation=original",
    "experiment=detergents_report": "experiment=detergents_original",
    "transform=stretch": "resize=stretch",
    "transform=letterbox": "resize=letterbox",
    "transform=augmented": "preprocessing=augmented",
}
# The beginning of a dotted key, or, with a leading dot, a name anywhere behind it.
KEYS = {
    "ckpt_path": "resume",
    "callbacks.discriminant_start": "callbacks.lda_initialization",
    "module.keep_features": "module.cache_features",
    ".withheld_fraction": ".unseen_fraction",
    ".withheld_folds": ".unseen_folds",
    ".withheld_fold": ".unseen_fold",
    "transform.image_size": "resize.image_size",
    "transform.shape": "resize.shape",
    "transform": "preprocessing",
    "callbacks.grouping.num_overlays": "callbacks.overlay.num_photos",
    "callbacks.grouping.overlay_every_n_epochs": "callbacks.overlay.every_n_epochs",
    "callbacks.grouping.aggregation": "callbacks.overlay.aggregation",
}
# What to do with it, the key, the package of a group, and the value.
OVERRIDE = re.compile(r"(?P<sign>[+~]*)(?P<key>[^=@-][^=@]*)(?P<package>@[^=]*)?(?P<value>=.*)?", re.DOTALL)


def translate_arguments() -> None:
    """Rewrite old spellings among the arguments of this process, and print a line for each."""
    sys.argv[1:], notes = translate(sys.argv[1:])
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def translate(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return overrides in today's spelling, and what to say of each old one, once."""
    translated, notes = [], dict[str, None]()
    for argument in arguments:
        match = OVERRIDE.fullmatch(argument)
        translated.append(_translated(match, notes) if match else argument)
    return translated, list(notes)


def _translated(override: re.Match[str], notes: dict[str, None]) -> str:
    key, value = _renamed_values(override["key"], override["value"] or "", notes)
    for old, new in KEYS.items():
        beginning = "" if old.startswith(".") else "^"
        renamed = re.sub(rf"{beginning}{re.escape(old)}(?=\.|$)", new, key)
        if renamed != key:
            notes[f"{old.lstrip('.')} is now {new.lstrip('.')}"] = None
            key = renamed
    return f"{override['sign']}{key}{override['package'] or ''}{value}"


def _renamed_values(key: str, value: str, notes: dict[str, None]) -> tuple[str, str]:
    """Return key and value, of which the latter may be a sweep's list."""
    typed = [f"{key}={item}" for item in value[1:].split(",")]
    old = [item for item in typed if item in VALUES]
    new = [VALUES.get(item, item).partition("=") for item in typed]
    # Values that now belong to different groups cannot stand in one list: Hydra says that the old one is none.
    if not old or len({item[0] for item in new}) > 1:
        return key, value
    notes |= dict.fromkeys(f"{item} is now {VALUES[item]}" for item in old)
    return new[0][0], "=" + ",".join(item[2] for item in new)
