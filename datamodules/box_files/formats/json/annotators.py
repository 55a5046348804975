"""JSON of three tools to annotate photos by hand: LabelMe, Supervisely and VoTT."""

from functools import partial
from math import hypot
from pathlib import Path

from datamodules.box_files.detections import Detections, Record, to_numbers
from datamodules.box_files.formats.json.values import (
    Json,
    as_list,
    get,
    list_in,
    needed_object,
    object_in,
    size_in,
    text,
)
from datamodules.box_files.formats.photos import PhotoEntry, PhotoReader, Reader
from datamodules.box_files.formats.shapes import EXPECTED_POINTS, around, bounding_box, collect, named_numbers, numbered

NO_AREAS = ("point", "points", "line", "linestrip")
AREAS = ("rectangle", "polygon")
SIDES = ("left", "top", "width", "height")


def read_labelme(document: Json, file: Path) -> Reader | None:
    """Read one photo with shapes of two or more points in pixels."""
    shapes = list_in(document, "shapes")
    if shapes is None:
        return None
    size = size_in(document, f"{file}: imageWidth, imageHeight", "imageWidth", "imageHeight")
    detections = collect(f"{file}", numbered(f"{file}: shape", shapes), _labelme_shape, size)
    return PhotoReader([PhotoEntry(text(document, "imagePath"), lambda: detections)], file, one_photo=True)


def _labelme_shape(shape: Json, where: str) -> Record | None:
    if get(shape, "shape_type") in NO_AREAS:
        return None
    corners = bounding_box(get(shape, "points"), where)
    if get(shape, "shape_type") == "circle":
        # The centre and a point of the rim, which span a box of their own.
        x, y = to_numbers(as_list((list_in(shape, "points") or [])[0]), where, EXPECTED_POINTS)
        radius = hypot(corners[2] - corners[0], corners[3] - corners[1])
        corners = around(x, y, radius, radius)
    return Record(corners, name=text(shape, "label"))


def read_supervisely(document: Json, file: Path) -> Reader | None:
    """Read one photo with objects of ``points: {exterior, interior}`` in pixels."""
    objects = list_in(document, "objects")
    if objects is None or not isinstance(document, dict) or "size" not in document:
        return None
    if others := {text(item, "geometryType") or AREAS[0] for item in objects}.difference(AREAS):
        raise ValueError(
            f"{file} has Supervisely's geometry {', '.join(sorted(others))}; convert it to rectangles or polygons and "
            "export anew"
        )
    size = size_in(document["size"], f"{file}: size")
    detections = collect(f"{file}", numbered(f"{file}: object", objects), _supervisely_object, size)
    return lambda photo: detections


def _supervisely_object(item: Json, where: str) -> Record:
    corners = bounding_box(get(get(item, "points"), "exterior"), where)
    return Record(corners, id=text(item, "id"), name=text(item, "classTitle"))


def read_vott(document: Json, file: Path) -> Reader | None:
    """Read an asset, or an export with several; regions have a ``boundingBox`` and ``tags``."""
    several = object_in(document, "assets")
    items = [document] if several is None else list(several.values())
    assets = [item for item in items if isinstance(item, dict) and object_in(item, "asset") and "regions" in item]
    entries = [_vott_asset(item, file) for item in assets]
    return PhotoReader(entries, file, one_photo=several is None) if entries else None


def _vott_asset(item: Json, file: Path) -> PhotoEntry:
    asset, regions = get(item, "asset"), list_in(item, "regions") or []
    return PhotoEntry(text(asset, "name", "path"), partial(_vott_regions, asset, regions, file), len(regions))


def _vott_regions(asset: Json, regions: list[Json], file: Path) -> Detections:
    size = size_in(get(asset, "size"), f"{file}: size")
    return collect(f"{file}", numbered(f"{file}: region", regions), _vott_region, size, "xywh")


def _vott_region(region: Json, where: str) -> Record:
    numbers = named_numbers(needed_object(region, "boundingBox", where), SIDES, where)
    return Record(numbers, id=text(region, "id"), name=str((list_in(region, "tags") or [""])[0]))
