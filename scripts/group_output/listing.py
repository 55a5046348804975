"""The list of a photo's groups, and the switches between photos."""

from collections.abc import Sequence
from html import escape

from scripts.group_output.data_uri import thumbnail
from scripts.group_output.drawing import tile_side
from scripts.group_output.looks import colours, fill, is_hatched
from scripts.group_output.page_photo import ALONE, Group, PagePhoto, counted, share_numbers

MAX_THUMBNAILS = 12
_PIN = (
    '<svg class="pin" viewBox="0 0 16 16" aria-hidden="true">'
    '<path d="M5.5 1h5v1.5l-.7.5.4 4L12.5 9v1.5H8.7v4L8 15.5l-.7-1v-4H3.5V9L5.8 7l.4-4-.7-.5z"/></svg>'
)


def listing(photos: Sequence[PagePhoto], index: int, prefix: str) -> str:
    """Returns the list of one photo's groups.

    Args:
        photos: All photos of the page.
        index: Which one.
        prefix: What names on the page begin with that belong to this photo.
    """
    entries = "".join(_entry(photos, index, group, prefix) for group in photos[index].groups)
    return f'<ul class="groups" aria-label="Groups" data-roam=".group">{entries}</ul>'


def switches(photos: Sequence[PagePhoto]) -> str:
    """Returns the switches between photos, or nothing for a single one."""
    if len(photos) < 2:
        return ""
    buttons = "".join(_switch(photo, index) for index, photo in enumerate(photos))
    return f'<nav class="photos" aria-label="Photos" data-roam="button">{buttons}</nav>'


def _entry(photos: Sequence[PagePhoto], index: int, group: Group, prefix: str) -> str:
    kind = "entry alone" if group.number == ALONE else "entry"
    return (
        f'<li class="{kind}" data-group="{group.number}" style="{colours(group.number)}">'
        f'<button class="group" type="button" aria-pressed="false" aria-label="{group.name}: {group.extent}">'
        f"{_heading(photos[index], group, prefix)}{_thumbnails(photos[index], group)}</button>"
        f"{_elsewhere(photos, index, group)}</li>"
    )


def _heading(photo: PagePhoto, group: Group, prefix: str) -> str:
    tile = tile_side(photo)
    kind = "swatch hatched" if is_hatched(group.number) else "swatch"
    swatch = (
        f'<svg class="{kind}" viewBox="0 0 {3 * tile:.5g} {2.5 * tile:.5g}" aria-hidden="true">'
        f'<rect width="100%" height="100%" {fill(group.number, prefix)}/></svg>'
    )
    number = "alone" if group.number == ALONE else str(group.number)
    key = f'<span class="key"><span class="number">{number}</span>{swatch}</span>'
    return f'<span class="heading">{key}<span class="extent">{group.extent}</span>{_PIN}</span>'


def _thumbnails(photo: PagePhoto, group: Group) -> str:
    pictures = "".join(_image(photo, detection["box"]) for detection in group.detections[:MAX_THUMBNAILS])
    num_more = len(group.detections) - MAX_THUMBNAILS
    more = f'<span class="more">+ {num_more} more</span>' if num_more > 0 else ""
    return f'<span class="thumbnails">{pictures}{more}</span>'


def _image(photo: PagePhoto, box: Sequence[float] | None = None) -> str:
    source, width, height = thumbnail(photo.picture, box)
    return f'<img src="{source}" width="{width}" height="{height}" alt="" decoding="async">'


def _elsewhere(photos: Sequence[PagePhoto], index: int, group: Group) -> str:
    """Ways to the other photos that hold this group."""
    if group.number == ALONE or not share_numbers(photos):
        return ""
    found = "".join(
        f'<button type="button" data-photo="{other}">{escape(photo.name)} <span>{len(same.detections)}</span></button>'
        for other, photo in enumerate(photos)
        if other != index
        for same in photo.groups
        if same.number == group.number
    )
    return f'<span class="elsewhere">also in {found}</span>' if found else ""


def _switch(photo: PagePhoto, index: int) -> str:
    numbers = [str(group.number) for group in photo.groups if group.number != ALONE]
    extent = f"{counted(len(photo.record['detections']), 'item')}, {counted(len(numbers), 'group')}"
    return (
        f'<button type="button" data-photo="{index}" data-groups="{" ".join(numbers)}" '
        f'aria-pressed="{"false" if index else "true"}">{_image(photo)}'
        f"<span><b>{escape(photo.name)}</b>{extent}</span></button>"
    )
