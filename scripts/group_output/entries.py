"""The list of a photo's groups."""

from collections.abc import Sequence
from dataclasses import dataclass

from scripts.group_output.page_photo import ALONE, Group, PagePhoto, share_numbers
from scripts.group_output.thumbnails import Thumbnail, thumbnail

MAX_THUMBNAILS = 12


@dataclass(frozen=True)
class OtherPhoto:
    """Another photo that holds the same group.

    Attributes:
        index: Its place on the page.
        name: Its name.
        count: How many items of the group it holds.
    """

    index: int
    name: str
    count: int


@dataclass(frozen=True)
class Entry:
    """A group in the list.

    Attributes:
        group: The group.
        thumbnails: Its first items.
        num_more: How many items there are beyond.
        elsewhere: The other photos that hold it.
    """

    group: Group
    thumbnails: list[Thumbnail]
    num_more: int
    elsewhere: list[OtherPhoto]


def entries_of(photos: Sequence[PagePhoto], index: int) -> list[Entry]:
    """Return the entries of one photo's groups.

    Args:
        photos: All photos of the page.
        index: Which one.
    """
    photo = photos[index]
    return [
        Entry(
            group,
            [thumbnail(photo.picture, detection["box"]) for detection in group.detections[:MAX_THUMBNAILS]],
            max(0, len(group.detections) - MAX_THUMBNAILS),
            _elsewhere(photos, index, group),
        )
        for group in photo.groups
    ]


def _elsewhere(photos: Sequence[PagePhoto], index: int, group: Group) -> list[OtherPhoto]:
    if group.number == ALONE or not share_numbers(photos):
        return []
    return [
        OtherPhoto(other, photo.name, len(same.detections))
        for other, photo in enumerate(photos)
        if other != index
        for same in photo.groups
        if same.number == group.number
    ]
