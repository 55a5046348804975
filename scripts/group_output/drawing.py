"""The drawing over the photo: areas where groups stand, boxes of the detections, and the groups' numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely

from analysis.figures.badges import place_badges
from analysis.figures.outline import outlines
from scripts.group_output.page_photo import ALONE, PagePhoto, counted
from scripts.group_output.record import CongregationRecord, DetectionRecord

# Width of an outline, and width and height of a number, as parts of a photo's longer side on a page of usual size.
_LINE = 1 / 350
_BADGE = (0.035, 0.032)
Place = tuple[CongregationRecord, shapely.Polygon]


@dataclass(frozen=True)
class Area:
    """A place where a group stands.

    Attributes:
        group: The group's number.
        label: What it is, in words.
        path: Its outline and holes as an SVG path in pixels of the photo, filled by the even-odd rule.
    """

    group: int
    label: str
    path: str


@dataclass(frozen=True)
class Box:
    """A detection, in pixels of the photo.

    Attributes:
        group: The group's number, or ALONE.
        note: Which detection it is, in words.
        x: Left edge.
        y: Upper edge.
        width: Width.
        height: Height.
    """

    group: int
    note: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Badge:
    """A group's number on one of its areas.

    Attributes:
        group: The group's number.
        x: Its centre from the left, as a fraction of the photo's width.
        y: Its centre from above, as a fraction of the photo's height.
        scale: Its size as a part of the usual one.
    """

    group: int
    x: str
    y: str
    scale: str


@dataclass(frozen=True)
class Drawing:
    """What is drawn over one photo.

    Attributes:
        areas: Where groups stand, the largest first: what is small lies on top, or it could not be pointed at.
        boxes: The detections, the largest first.
        badges: A number per area that is large enough for one.
    """

    areas: list[Area]
    boxes: list[Box]
    badges: list[Badge]


def drawing_of(photo: PagePhoto) -> Drawing:
    """Return what is drawn over a photo."""
    side, names = max(photo.size), {group.number: group.name for group in photo.groups}
    places = [(place, shapely.Polygon(place["polygon"], place["holes"])) for place in photo.record["congregations"]]
    ordered = sorted(places, key=lambda place: -place[1].area)
    boxes = sorted(photo.record["detections"], key=lambda detection: -_area(detection["box"]))
    return Drawing(
        areas=[
            _as_area(record, shape, names[record["cluster"]])
            for (record, _), shape in zip(
                ordered, outlines([polygon for _, polygon in ordered], _LINE * side), strict=True
            )
        ],
        boxes=[_as_box(detection) for detection in boxes],
        badges=list(_badges(places, [box["box"] for box in boxes], photo.size)),
    )


def _as_area(place: CongregationRecord, outline: shapely.Polygon | shapely.MultiPolygon, name: str) -> Area:
    return Area(place["cluster"], f"{name}, {counted(len(place['detections']), 'item')}", _path(outline))


def _path(shape: shapely.Polygon | shapely.MultiPolygon) -> str:
    """Return every ring of the shape, holes too."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(f"M{_points(ring.coords[:-1])}Z" for ring in rings)


def _points(points: Iterable[tuple[float, ...]]) -> str:
    return "L".join(f"{round(x, 1):.8g} {round(y, 1):.8g}" for x, y in points)


def _as_box(detection: DetectionRecord) -> Box:
    x1, y1, x2, y2 = detection["box"]
    group = detection["cluster"]
    where = "alone" if group == ALONE else f"group {group}, confidence {detection['confidence']:.2f}"
    where += f", {detection['name']}" if "name" in detection else ""
    sides = (f"{value:.8g}" for value in (x1, y1, x2 - x1, y2 - y1))
    return Box(group, f"{detection['id']}: {where}", *sides)


def _area(box: Sequence[float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _badges(places: Sequence[Place], boxes: Sequence[Sequence[float]], size: tuple[int, int]) -> Iterable[Badge]:
    width, height = (part * max(size) for part in _BADGE)
    found = place_badges([polygon for _, polygon in places], boxes, (width, height), size)
    for (place, _), badge in zip(places, found, strict=True):
        if badge is not None:
            yield Badge(place["cluster"], f"{badge.x / size[0]:.2%}", f"{badge.y / size[1]:.2%}", f"{badge.scale:.2f}")
