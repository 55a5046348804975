"""Writing the page: one file that needs no network and can be sent by mail."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from scripts.group_output.data_uri import photo_uri
from scripts.group_output.drawing import drawing
from scripts.group_output.listing import listing, switches
from scripts.group_output.page_photo import PagePhoto, counted, share_numbers

_PARTS = Path(__file__).parents[1] / "pages"
# With more places than this their numbers are printed smaller on a phone.
_CROWD = 20


def write_page(photos: Sequence[PagePhoto], path: Path, title: str = "Groups of look-alike products") -> None:
    """Writes the page of one or several photos; the folder is made.

    Args:
        photos: What to show, in this order.
        path: The file.
        title: The page's heading.

    Raises:
        ValueError: If there are no photos.
    """
    if not photos:
        raise ValueError("a page needs at least one photo")
    sections = [_section(photos, index) for index in range(len(photos))]
    # The browser decodes and draws nothing of a template before it is asked for.
    waiting = [f'<template id="later-{n}">{text}</template>' for n, text in enumerate(sections[1:], start=1)]
    page = Template(_part("group.html")).substitute(
        title=escape(title),
        style=_part("group.css"),
        script=_part("group.js"),
        across="true" if share_numbers(photos) else "false",
        summary=escape(photos[0].name) if len(photos) == 1 else counted(len(photos), "photo"),
        switches=switches(photos),
        sections="".join(sections[:1] + waiting),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def _section(photos: Sequence[PagePhoto], index: int) -> str:
    photo, prefix = photos[index], f"photo-{index}"
    width, height = photo.size
    name, stage = escape(photo.name), "stage crowded" if len(photo.record["congregations"]) > _CROWD else "stage"
    return (
        f'<section class="photo" id="{prefix}" aria-label="{name}" style="--aspect:{width / height:.5f}"><figure>'
        f'<div class="room"><div class="{stage}"><img class="picture" src="{photo_uri(photo.picture)}" '
        f'alt="Photo {name}" width="{width}" height="{height}" decoding="async">{drawing(photo, prefix)}</div></div>'
        f'<figcaption><p class="note"></p><p class="facts">{photo.extent}{_measures(photo)}</p></figcaption></figure>'
        f"{listing(photos, index, prefix)}</section>"
    )


def _measures(photo: PagePhoto) -> str:
    pairs = (photo.measures or {}).items()
    values = "".join(f"<span><dfn>{escape(name)}</dfn> {value:.3f}</span>" for name, value in pairs)
    return f'<span class="measures">{values}</span>' if values else ""


def _part(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")
