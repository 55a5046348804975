"""The list of a photo's groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from analysis.shelf.share import Share
from scripts.group_output.page_photo import Group, PagePhoto
from scripts.group_output.record import ShelfRecord
from scripts.group_output.thumbnails import Crop, crop_of

MAX_THUMBNAILS = 12
# Links to other photos of a group; a product may stand in a thousand.
MAX_OTHERS = 12
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
        page: Its own page, from the folder of results; empty where all photos are on one page.
    """

    index: int
    name: str
    count: int
    page: str = ""


@dataclass(frozen=True)
class Elsewhere:
    """The other photos that hold a group.

    Attributes:
        photos: The first of them.
        num_more: How many there are beyond.
    """

    photos: list[OtherPhoto]
    num_more: int


def elsewhere_of(
    names: Sequence[str], counts: Sequence[Mapping[int, int]], pages: Sequence[str] = ()
) -> list[dict[int, Elsewhere]]:
    """Return where else each group of each photo stands; groups of one photo alone are left out.

    Args:
        names: Name of each photo.
        counts: How many items of each group each photo holds.
        pages: Page of each photo, from the folder of results; empty where all photos are on one page.
    """
    holders: dict[int, list[OtherPhoto]] = {}
    for index, (name, own) in enumerate(zip(names, counts, strict=True)):
        for group, count in own.items():
            holders.setdefault(group, []).append(OtherPhoto(index, name, count, pages[index] if pages else ""))
    return [
        {group: _without(holders[group], index) for group in own if len(holders[group]) > 1}
        for index, own in enumerate(counts)
    ]


def _without(holders: Sequence[OtherPhoto], index: int) -> Elsewhere:
    others = list(islice((holder for holder in holders if holder.index != index), MAX_OTHERS))
    return Elsewhere(others, len(holders) - 1 - len(others))


@dataclass(frozen=True)
class Entry:
    """A group in the list.

    Attributes:
        group: The group.
        thumbnails: Its first items.
        num_more: How many items there are beyond.
        elsewhere: The other photos that hold it; None where there is none.
        shelf: What it has of the photo's shelf, empty where that is not known.
        shelf_rows: The same row by row, and what the words mean.
        store: What it has of all photos' shelves, empty where it is in no other.
    """

    group: Group
    thumbnails: list[Crop]
    num_more: int
    elsewhere: Elsewhere | None
    shelf: str
    shelf_rows: str
    store: str


def entries_of(photo: PagePhoto, elsewhere: Mapping[int, Elsewhere], store: Mapping[int, Share]) -> list[Entry]:
    """Return the entries of one photo's groups.

    Args:
        photo: The photo.
        elsewhere: Where else its groups stand.
        store: What each group has of all photos' shelves.
    """
    return [_entry(photo, group, elsewhere.get(group.number), store) for group in photo.groups]


def _entry(photo: PagePhoto, group: Group, elsewhere: Elsewhere | None, store: Mapping[int, Share]) -> Entry:
    shelf = next((own["shelf"] for own in photo.record["clusters"] if own["cluster"] == group.number), None)
    in_all = store.get(group.number) if elsewhere else None
    return Entry(
        group,
        [crop_of(detection["box"], photo.size) for detection in group.detections[:MAX_THUMBNAILS]],
        max(0, len(group.detections) - MAX_THUMBNAILS),
        elsewhere,
        _in_words(shelf) if shelf else "",
        _row_by_row(shelf) if shelf else "",
        f"{_facings_in_words(in_all.facings, in_all.facings_wide)}, {in_all.share:.0%}" if in_all else "",
    )


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
