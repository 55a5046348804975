"""Which of the photos that a box file names is the one that was asked for."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from datamodules.box_files.names import photo_name, stem_of

# Label Studio puts a hash of eight digits before the name that was uploaded, Roboflow one behind it.
HASH_BEFORE = re.compile(r"^[0-9a-f]{2,}-(.+)$", re.I)
SURE_HASH = re.compile(r"^[0-9a-f]{8}-", re.I)
ROBOFLOW = re.compile(r"^(.+)_(?:jpe?g|png|webp|bmp|tiff?)\.rf\.[0-9a-z]+(?:\.\w+)?$", re.I)


@dataclass(frozen=True)
class Selection:
    """The names of a file that are one photo.

    Attributes:
        names: All spellings of it, as the file writes them.
        warning: What makes this doubtful; empty if the name is the photo's own.
    """

    names: tuple[str, ...]
    warning: str = ""


class PhotoIndex:
    """The photos that a box file names.

    Args:
        names: Names, paths or addresses of photos.
        source: The box file, for the messages.
    """

    def __init__(self, names: Iterable[str], source: Path) -> None:
        self._source = source
        self._spellings: dict[str, list[str]] = {}
        self._by_stem: dict[str, list[str]] = {}
        for name in dict.fromkeys(names):
            self._spellings.setdefault(photo_name(name), []).append(name)
        for name in self._spellings:
            for key in _keys(name):
                self._by_stem.setdefault(key, []).append(name)

    def __len__(self) -> int:
        return len(self._spellings)

    def select(self, photo: Path) -> Selection:
        """Return the names under which the file knows a photo.

        Raises:
            ValueError: If the file does not name the photo, or names several that may be it.
        """
        wanted = unicodedata.normalize("NFC", photo.name)
        found = [(_kinship(name, wanted), name) for name in self._by_stem.get(_stem_key(wanted), ())]
        nearest = min((kinship for kinship, _ in found), default=0)
        same = _in_the_photos_folder([name for kinship, name in found if kinship == nearest], photo)
        if len(same) > 1:
            raise ValueError(f"{self._source} names several photos that may be {photo}: {', '.join(sorted(same)[:5])}")
        if not same:
            raise ValueError(f"{self._source} has no boxes of {photo.name}; it names {self.describe()}")
        warning = "" if nearest < 2 else f"{self._source}: {self._spellings[same[0]][0]!r} is taken for {photo.name}"
        return Selection(tuple(self._spellings[same[0]]), warning)

    def describe(self) -> str:
        """Return how many photos there are and the first of them."""
        known = sorted(self._spellings)
        examples = ", ".join(known[:3]) + (", ..." if len(known) > 3 else "")
        return f"{len(known)} photo{'s' * (len(known) != 1)}: {examples}"


def _stem_key(name: str) -> str:
    stem = stem_of(name)
    return str(int(stem)) if stem.isascii() and stem.isdigit() and len(stem) < 100 else stem.casefold()


def _keys(name: str) -> set[str]:
    last = name.rpartition("/")[2]
    bare = [match[1] for match in (HASH_BEFORE.match(last), ROBOFLOW.match(last)) if match]
    return {_stem_key(text) for text in (last, *bare)}


def _kinship(name: str, wanted: str) -> int:
    """Return how far a name is from the photo's: 0 is the same, 1 lacks the suffix, from 2 on it is to be told."""
    last = name.rpartition("/")[2]
    if last.endswith(f"-{wanted}") and SURE_HASH.match(last):
        return 1
    # A number without leading zeros is how tables write the stem of 000001.jpg.
    if last == wanted:
        return 0
    if last == stem_of(wanted) or last == _stem_key(wanted):
        return 1
    roboflow = ROBOFLOW.match(last)
    if roboflow and roboflow[1] == stem_of(wanted):
        return 1
    if last.casefold() == wanted.casefold():
        return 2
    return 3 if _stem_key(last) == _stem_key(wanted) else 4


def _in_the_photos_folder(names: list[str], photo: Path) -> list[str]:
    """Return the one name of several that lies in the photo's own folder: train/1.jpg is not test/1.jpg."""
    if len(names) < 2:
        return names
    place = [unicodedata.normalize("NFC", part) for part in photo.resolve().parts]
    inside = [name for name in names if place[-len(name.split("/")) :][:-1] == name.split("/")[:-1]]
    deepest = max((name.count("/") for name in inside), default=0)
    return [name for name in inside if name.count("/") == deepest] or names
