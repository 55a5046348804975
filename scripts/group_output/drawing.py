"""The drawing over the photo: areas where groups stand, boxes of the detections, and the groups' numbers."""

from collections.abc import Iterable
from html import escape
from typing import Any

import shapely

from analysis.figures.badge_place import badge_place
from scripts.group_output.looks import colours, fill, is_hatched, pattern
from scripts.group_output.page_photo import ALONE, PagePhoto, counted

# Tiles of a hatch along the longer side of a photo.
_NUM_TILES = 90
# By this part of the longer side outlines are drawn inwards, so that those of neighbours lie side by side.
_INSET = 1 / 700


def tile_side(photo: PagePhoto) -> float:
    """Returns the side of a hatch's tile in pixels of the photo."""
    return max(photo.size) / _NUM_TILES


def drawing(photo: PagePhoto, prefix: str) -> str:
    """Returns the drawing as SVG, followed by the numbers.

    The numbers are not part of the SVG, because they keep their size where the photo shrinks.

    Args:
        photo: The photo.
        prefix: What names on the page begin with that belong to this photo.
    """
    width, height = photo.size
    patterns = "".join(pattern(group.number, prefix, tile_side(photo)) for group in photo.groups)
    places = _places(photo)
    # What is small lies on top, or it could not be pointed at.
    by_size = sorted(places, key=lambda place: -place[1].area)
    boxes = sorted(photo.record["detections"], key=lambda detection: -_area(detection["box"]))
    return (
        f'<svg viewBox="0 0 {width} {height}" role="group" aria-label="Places in the photo" data-roam=".area">'
        f'<defs>{patterns}<mask id="{prefix}-mask"><rect width="{width}" height="{height}" fill="white"/>'
        '<g class="cut"/></mask></defs>'
        f'<rect class="veil" width="{width}" height="{height}" mask="url(#{prefix}-mask)"/>'
        f"{''.join(_area_element(photo, place, outline, prefix) for place, outline in by_size)}"
        f"{''.join(map(_box_element, boxes))}</svg>{''.join(_badges(photo, places))}"
    )


def _places(photo: PagePhoto) -> list[tuple[dict[str, Any], shapely.Polygon]]:
    return [
        (congregation, shapely.Polygon(congregation["polygon"], congregation.get("holes", ())))
        for congregation in photo.record["congregations"]
    ]


def _area_element(photo: PagePhoto, place: dict[str, Any], outline: shapely.Polygon, prefix: str) -> str:
    inner = outline.buffer(-_INSET * max(photo.size), join_style="mitre")
    path = _path(outline if inner.is_empty else inner)
    group = place["cluster"]
    label = f"Group {group}, {counted(len(place['detections']), 'item')}"
    kind = "area hatched" if is_hatched(group) else "area"
    return (
        f'<g class="{kind}" data-group="{group}" style="{colours(group)}" tabindex="-1" role="button" '
        f'aria-label="{label}"><path class="halo" d="{path}"/><path class="fill" d="{path}" {fill(group, prefix)}/></g>'
    )


def _path(shape: shapely.Polygon | shapely.MultiPolygon) -> str:
    """Every ring of the shape, holes too; the style sheet fills by the even-odd rule."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(f"M{_points(ring.coords[:-1])}Z" for ring in rings)


def _points(points: Iterable[tuple[float, ...]]) -> str:
    return "L".join(f"{round(x, 1):.8g} {round(y, 1):.8g}" for x, y in points)


def _box_element(detection: dict[str, Any]) -> str:
    x1, y1, x2, y2 = detection["box"]
    group = detection["cluster"]
    where = "alone" if group == ALONE else f"group {group}"
    sure = f", confidence {detection['confidence']:.2f}" if group != ALONE and "confidence" in detection else ""
    return (
        f'<rect class="{"box alone" if group == ALONE else "box"}" data-group="{group}" '
        f'data-note="{escape(str(detection["id"]))}: {where}{sure}" '
        f'x="{x1:.8g}" y="{y1:.8g}" width="{x2 - x1:.8g}" height="{y2 - y1:.8g}"/>'
    )


def _area(box: list[float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _badges(photo: PagePhoto, places: list[tuple[dict[str, Any], shapely.Polygon]]) -> Iterable[str]:
    width, height = photo.size
    for place, outline in places:
        centre = badge_place(outline, [other for _, other in places if other is not outline])
        group = place["cluster"]
        yield (
            f'<span class="badge" data-group="{group}" aria-hidden="true" '
            f'style="{colours(group)};--x:{centre.x / width:.2%};--y:{centre.y / height:.2%}">{group}</span>'
        )
