"""The list of a photo's groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.shelf.share import Share
from scripts.group_output.page_photo import ALONE, Group, PagePhoto, share_numbers
from scripts.group_output.record import ShelfRecord
from scripts.group_output.thumbnails import Thumbnail, thumbnail

MAX_THUMBNAILS = 12
_NOTE = (
    "Facings are the items seen from the front; wide, without those that stand on the same product. The share is of "
    "the shelf length on which anything stands. Rows are counted from the top of the photo."
)


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
        shelf: What it has of the photo's shelf, empty where that is not known.
        shelf_rows: The same row by row, and what the words mean.
        store: What it has of all photos' shelves, empty where it is in no other.
    """

    group: Group
    thumbnails: list[Thumbnail]
    num_more: int
    elsewhere: list[OtherPhoto]
    shelf: str
    shelf_rows: str
    store: str


def entries_of(photos: Sequence[PagePhoto], index: int, store: Mapping[int, Share]) -> list[Entry]:
    """Return the entries of one photo's groups.

    Args:
        photos: All photos of the page.
        index: Which one.
        store: What each group has of all photos' shelves.
    """
    photo = photos[index]
    return [_entry(photos, index, group, store) for group in photo.groups]


def _entry(photos: Sequence[PagePhoto], index: int, group: Group, store: Mapping[int, Share]) -> Entry:
    photo = photos[index]
    shelf = next((own["shelf"] for own in photo.record["clusters"] if own["cluster"] == group.number), None)
    elsewhere = _elsewhere(photos, index, group)
    in_all = store.get(group.number) if elsewhere else None
    return Entry(
        group,
        [thumbnail(photo.picture, detection["box"]) for detection in group.detections[:MAX_THUMBNAILS]],
        max(0, len(group.detections) - MAX_THUMBNAILS),
        elsewhere,
        _in_words(shelf) if shelf else "",
        _row_by_row(shelf) if shelf else "",
        f"{_facings_in_words(in_all.facings, in_all.facings_wide)}, {in_all.share:.0%}" if in_all else "",
    )


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


def _in_words(shelf: ShelfRecord) -> str:
    """Return what a group has of the shelf in a line."""
    rows = [str(row["row"]) for row in shelf["rows"]]
    where = f"row{'' if len(rows) == 1 else 's'} {', '.join(rows)}"
    return f"{_facings_in_words(shelf['facings'], shelf['facings_wide'])}, {shelf['share']:.0%} of the shelf, {where}"


def _facings_in_words(facings: int, wide: int) -> str:
    """Return how many facings there are, and how many wide where some are stacked."""
    count = f"{facings} facing{'' if facings == 1 else 's'}"
    return count if wide == facings else f"{count} ({wide} wide)"


def _row_by_row(shelf: ShelfRecord) -> str:
    """Return what a group has of each row, and what the words mean."""
    rows = [
        f"row {row['row']}: {_facings_in_words(row['facings'], row['facings_wide'])}, {row['share']:.0%}"
        for row in shelf["rows"]
    ]
    return f"{'; '.join(rows)}. {_NOTE}"
