"""The page of groups: one file that needs no network and can be sent by mail."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis.figures.palette import NUM_STYLES
from analysis.figures.styles import assign_styles
from analysis.shelf.share import Share
from scripts.group_output.drawing import Drawing, drawing_of
from scripts.group_output.entries import Elsewhere, Entry, elsewhere_of, entries_of
from scripts.group_output.looks import Look, looks_of
from scripts.group_output.page_photo import ALONE, PagePhoto, counted, share_numbers
from scripts.group_output.thumbnails import Thumbnail, photo_uri, thumbnail
from scripts.pages.render import write_page
from scripts.pages.review.content import PageReview

# With more places than this their numbers are printed smaller on a phone.
_CROWD = 20


@dataclass(frozen=True)
class AmongMany:
    """What the page of one photo of many knows of the others.

    Attributes:
        root: Way from the page to the folder of results.
        styles: Style of each group, by number.
        elsewhere: Where else its groups stand.
    """

    root: str
    styles: Mapping[int, int]
    elsewhere: Mapping[int, Elsewhere]


@dataclass(frozen=True)
class PhotoContent:
    """What the template shows of one photo.

    Attributes:
        name: The photo's name.
        width: In pixels.
        height: In pixels.
        source: The photo itself.
        thumbnail: The photo, small.
        extent: How much it holds, in words.
        short_extent: The same in fewer words.
        measures: What was measured against a known grouping.
        is_crowded: Whether there are many places.
        groups: Numbers of its groups, without ALONE.
        looks: How each group looks, ALONE too.
        drawing: What is drawn over it.
        entries: The list of its groups.
        root: Way from the page to the folder of results, empty where all photos are on one page.
    """

    name: str
    width: int
    height: int
    source: str
    thumbnail: Thumbnail
    extent: str
    short_extent: str
    measures: dict[str, float]
    is_crowded: bool
    groups: list[int]
    looks: dict[int, Look]
    drawing: Drawing
    entries: list[Entry]
    root: str


def write_group_page(
    photos: Sequence[PagePhoto],
    path: Path,
    title: str = "Groups of look-alike products",
    review: PageReview | str | None = None,
    store: Sequence[Share] = (),
    among: AmongMany | None = None,
) -> None:
    """Write the page of one or several photos; its folder is made.

    Args:
        photos: What to show, in this order.
        path: The file.
        title: The page's heading.
        review: What a person may correct on the page, or why nothing can be; None for a page that is only looked at.
        store: What each group has of the shelves of all photos, where a number means the same product in all.
        among: Of the one photo, what it has in common with photos on other pages; None where all are on this one.

    Raises:
        ValueError: If there are no photos.
    """
    if not photos:
        raise ValueError("a page needs at least one photo")
    in_all = {share.cluster: share for share in store}
    shared = [among] if among else _among_each_other(photos)
    contents = [_content_of(*pair, in_all) for pair in zip(photos, shared, strict=True)]
    write_page(
        "group",
        path,
        title=title,
        summary=photos[0].name if len(photos) == 1 else counted(len(photos), "photo"),
        across=share_numbers(photos),
        photos=contents,
        root=among.root if among else None,
        review={**review, **_looks(contents)} if isinstance(review, dict) else None,
        no_review=review if isinstance(review, str) else None,
    )


def styles_of(photos: Sequence[PagePhoto]) -> list[dict[int, int]]:
    """Return the style of each photo's groups, by number; a number that means one product keeps its style."""
    groups = [[group.number for group in photo.groups if group.number != ALONE] for photo in photos]
    return assign_styles(groups, share_numbers(photos))


def _among_each_other(photos: Sequence[PagePhoto]) -> list[AmongMany]:
    counts = [
        {group.number: len(group.detections) for group in photo.groups if group.number != ALONE} for photo in photos
    ]
    found = elsewhere_of([photo.name for photo in photos], counts) if share_numbers(photos) else [{} for _ in photos]
    return [AmongMany("", *pair) for pair in zip(styles_of(photos), found, strict=True)]


def _content_of(photo: PagePhoto, among: AmongMany, store: Mapping[int, Share]) -> PhotoContent:
    groups = [group.number for group in photo.groups if group.number != ALONE]
    return PhotoContent(
        name=photo.name,
        width=photo.size[0],
        height=photo.size[1],
        source=photo_uri(photo.picture, [detection["box"] for detection in photo.record["detections"]]),
        thumbnail=thumbnail(photo.picture),
        extent=photo.extent,
        short_extent=f"{counted(len(photo.record['detections']), 'item')}, {counted(len(groups), 'group')}",
        measures=photo.measures or {},
        is_crowded=len(photo.record["congregations"]) > _CROWD,
        groups=groups,
        looks=looks_of(among.styles),
        drawing=drawing_of(photo),
        entries=entries_of(photo, among.elsewhere, store),
        root=among.root,
    )


def _looks(contents: Sequence[PhotoContent]) -> dict[str, object]:
    """Return how groups look that the page has, and those that a review may add."""
    plain = [{group: asdict(look) for group, look in content.looks.items()} for content in contents]
    palette = looks_of({style: style for style in range(NUM_STYLES)})
    return {"looks": plain, "palette": [asdict(palette[style]) for style in range(NUM_STYLES)]}
