"""The page of many photos: a small picture of each, which leads to the photo's own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from analysis.whole_file import whole_file
from scripts.group_output.page_photo import counted
from scripts.group_output.thumbnails import fitted
from scripts.pages.render import write_page

PICTURE = "thumbnail.jpg"
# Twice the size it is shown at, for screens with fine pixels.
PICTURE_SIDE = 256


@dataclass(frozen=True)
class Card:
    """A photo in the index.

    Attributes:
        name: The photo's name.
        page: Its page, as an address from the index.
        picture: A small picture of it, as an address from the index.
        width: Width to show it at.
        height: Height to show it at.
        extent: How much it holds, in words.
        groups: Numbers of its groups.
    """

    name: str
    page: str
    picture: str
    width: int
    height: int
    extent: str
    groups: list[int]


def write_picture(photo: Image.Image, folder: Path) -> tuple[int, int]:
    """Write the small picture of a photo into its folder; return width and height to show it at."""
    small = fitted(photo, PICTURE_SIDE)
    with whole_file(folder / PICTURE, durable=False) as unfinished:
        small.save(unfinished, "JPEG", quality=72, optimize=True)
    return max(1, small.width // 2), max(1, small.height // 2)


def write_index(cards: Sequence[Card], path: Path, across_photos: bool) -> None:
    """Write the page of all photos; the browser loads a picture when it is looked at, and a photo's page on a click.

    Args:
        cards: The photos in their order.
        path: The file.
        across_photos: Whether a group's number means the same product in all photos.
    """
    title = "Groups of look-alike products"
    write_page("index", path, title=title, summary=counted(len(cards), "photo"), cards=cards, across=across_photos)
