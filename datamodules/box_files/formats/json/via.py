"""VGG Image Annotator's JSON, of version 1 and 2: regions of shapes in pixels."""

from functools import partial
from pathlib import Path
from typing import Any

from datamodules.box_files.detections import Detections, Record, to_numbers
from datamodules.box_files.formats.photos import Format, PhotoEntry, PhotoReader, Reader, bounding_box


def _photos(document: Any) -> dict[str, Any]:
    inside = document.get("_via_img_metadata", document) if isinstance(document, dict) else {}
    photos = inside if isinstance(inside, dict) else {}
    return {
        key: photo
        for key, photo in photos.items()
        if isinstance(photo, dict) and photo.keys() >= {"filename", "regions"}
    }


def _is_via(document: Any) -> bool:
    return bool(_photos(document))


def _open_via(document: Any, file: Path) -> Reader:
    entries = []
    for key, photo in _photos(document).items():
        regions = photo["regions"]
        regions = list(regions.values()) if isinstance(regions, dict) else regions
        entries.append(
            PhotoEntry(str(photo["filename"]), partial(_read_photo, regions, f"{file}: {key}"), len(regions))
        )
    return PhotoReader(entries, file)


def _read_photo(regions: list[dict[str, Any]], where: str) -> Detections:
    read = [via_region(region["shape_attributes"], region.get("region_attributes"), where) for region in regions]
    records = [record for record in read if record is not None]
    left_out = len(read) - len(records)
    return Detections(records, warnings=(f"{where}: {left_out} points and lines are left out",) if left_out else ())


def via_region(shape: dict[str, Any], attributes: dict[str, Any] | None, where: str) -> Record | None:
    """Return the box around a region, or None if it has no area."""
    kind = shape.get("name")
    if kind in ("rect", "rectangle"):
        x, y, w, h = to_numbers((shape.get(key) for key in ("x", "y", "width", "height")), where, "x, y, width, height")
        corners: tuple[float, ...] = (x, y, x + w, y + h)
    elif kind in ("circle", "ellipse"):
        radii = ("r", "r") if kind == "circle" else ("rx", "ry")
        x, y, a, b = to_numbers((shape.get(key) for key in ("cx", "cy", *radii)), where, f"a {kind}")
        corners = (x - a, y - b, x + a, y + b)
    elif kind == "polygon":
        points = zip(shape["all_points_x"], shape["all_points_y"], strict=False)
        corners = bounding_box([list(point) for point in points], where)
    else:
        return None
    return Record(corners, name=_product(attributes))


def _product(attributes: Any) -> str:
    for value in attributes.values() if isinstance(attributes, dict) else ():
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, dict) and any(value.values()):
            return str(next(option for option, chosen in value.items() if chosen))
    return ""


VIA = Format("VIA JSON (regions)", _is_via, _open_via)
