"""Which of the photos that a box file names is the one that was asked for."""

from collections.abc import Iterable
from pathlib import Path, PureWindowsPath


def select_photo(photo: Path, names: Iterable[str], source: Path) -> str:
    """Return the name under which a box file knows a photo: its file name, with folders or not, or its stem.

    Raises:
        ValueError: If the file does not name the photo, or names several of that name in different folders.
    """
    known = sorted(set(names))
    same = [name for name in known if _parts(name)[-1:] in ((photo.name,), (photo.stem,))]
    if len(same) > 1:
        # The folders decide between train/1.jpg and test/1.jpg.
        place = photo.resolve().parts
        same = [name for name in same if place[-len(_parts(name)) :] == _parts(name)] or same
    if len(same) == 1:
        return same[0]
    if same:
        raise ValueError(f"{source} names several photos that may be {photo}: {', '.join(same[:5])}")
    examples = ", ".join(known[:3]) + (", ..." if len(known) > 3 else "")
    raise ValueError(f"{source} has no boxes of {photo.name}; it names {len(known)} photos: {examples}")


def _parts(name: str) -> tuple[str, ...]:
    # Windows paths are split at both slashes, so that a file written anywhere is understood anywhere.
    path = PureWindowsPath(name)
    return path.parts[1:] if path.anchor else path.parts
