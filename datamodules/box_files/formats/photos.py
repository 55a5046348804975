"""Boxes by photo, of files that name their photos."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from datamodules.box_files.detections import Detections
from datamodules.box_files.placing.orientation import Photo
from datamodules.box_files.selection import PhotoIndex

Reader = Callable[[Photo], Detections]


@dataclass(frozen=True)
class PhotoEntry:
    """The boxes that a file holds of one photo.

    Attributes:
        name: The photo's name, path or address in the file; empty if the file does not say.
        read: Returns the boxes.
        count: How many boxes there are.
    """

    name: str
    read: Callable[[], Detections]
    count: int = 1


class PhotoReader:
    """Reads one of the photos that a file has boxes of.

    Args:
        entries: The photos.
        file: The box file, for the messages.
        one_photo: Whether the format is one file for one photo; then the name inside, which is often stale, only warns.
    """

    def __init__(self, entries: Iterable[PhotoEntry], file: Path, one_photo: bool = False) -> None:
        self._entries: dict[str, list[PhotoEntry]] = {}
        for entry in entries:
            self._entries.setdefault(entry.name, []).append(entry)
        self._file = file
        self._one_photo = one_photo
        self._index = PhotoIndex(self._entries, file)

    def __call__(self, photo: Photo) -> Detections:
        """Return the boxes of a photo.

        Raises:
            ValueError: If the file does not name the photo, or has boxes of several that may be it.
        """
        names, warning = self._names_of(photo)
        found = [entry for name in names for entry in self._entries[name]]
        filled = [entry for entry in found if entry.count] or found[:1]
        if len(filled) > 1:
            raise ValueError(
                f"{self._file} lists {photo.path.name} {len(filled)} times with boxes of its own; that may be several "
                "photos of one name: keep one of them, or give the photos' folders"
            )
        if not filled:
            raise ValueError(f"{self._file} holds no boxes")
        return filled[0].read().with_warnings(*([warning] if warning else []))

    def _names_of(self, photo: Photo) -> tuple[Sequence[str], str]:
        if list(self._entries) == [""]:
            return [""], ""
        try:
            selection = self._index.select(photo.path)
        except ValueError:
            if not self._one_photo:
                raise
            names = list(self._entries)
            said = f"{self._file} says that its boxes are of {names[0]!r}"
            return names, f"{said}; they are taken for {photo.path.name}"
        return selection.names, selection.warning
