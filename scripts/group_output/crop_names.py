"""File names of crops: one for each detection, whatever its id is made of."""

import hashlib
import unicodedata
from collections.abc import Sequence

LONGEST = 100
# Windows keeps these for devices, with any suffix.
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)


def crop_names(ids: Sequence[str]) -> list[str]:
    """Return a file name without suffix for each id, all different on every file system.

    Characters that a file name cannot hold are written as %XX, so that a name tells its id; what is too long, or
    differs from an earlier name by capitals or Unicode's normal form alone, ends in a hash of the id.

    Args:
        ids: Different names of detections.
    """
    names, taken = [], set[str]()
    for id in ids:
        name = _escaped(id)
        if len(name.encode()) > LONGEST or _folded(name) in taken or name.partition(".")[0].lower() in DEVICES:
            digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
            name = f"{name.encode()[: LONGEST - 13].decode(errors='ignore')}~{digest}"
        taken.add(_folded(name))
        names.append(name)
    return names


def _escaped(id: str) -> str:
    unsafe = [character in '/\\:*?"<>|%~' or not character.isprintable() for character in id]
    parts = [_percent(character) if bad else character for character, bad in zip(id, unsafe, strict=True)]
    # A name that begins or ends in a dot or blank is hidden, or loses it on Windows.
    for place in (0, -1):
        if parts and parts[place] in (".", " "):
            parts[place] = _percent(parts[place])
    return "".join(parts) or "%"


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
