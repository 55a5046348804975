"""Label Studio's JSON and JSON-MIN: tasks with regions in percent of the photo."""

from collections.abc import Iterator
from math import cos, radians, sin
from pathlib import Path
from typing import Any

from datamodules.box_files.detections import Detections, Record, to_numbers, to_size
from datamodules.box_files.formats.photos import Format, PhotoEntry, PhotoReader, Reader, bounding_box
from datamodules.box_files.names import is_picture_name

LABELS = ("rectanglelabels", "polygonlabels", "ellipselabels", "labels", "brushlabels", "choices")


def _is_label_studio(document: Any) -> bool:
    task = document[0] if isinstance(document, list) else document
    if not isinstance(task, dict):
        return False
    nested = isinstance(task.get("data"), dict) and not task.keys().isdisjoint({"annotations", "completions"})
    return nested or any(region.keys() >= {"original_width", "x"} for region in _small_regions(task))


def _open_label_studio(document: Any, file: Path) -> Reader:
    tasks = document if isinstance(document, list) else [document]
    return PhotoReader([_read_task(task, f"{file}: task {number}") for number, task in enumerate(tasks)], file)


def _read_task(task: dict[str, Any], where: str) -> PhotoEntry:
    data = task["data"] if isinstance(task.get("data"), dict) else task
    photo = next((str(value) for value in data.values() if isinstance(value, str) and is_picture_name(value)), "")
    warnings = []
    if "data" not in task:
        regions = [{"value": region, **region} for region in _small_regions(task)]
    else:
        people = [person for person in task.get("annotations") or task.get("completions") or [] if _results(person)]
        people = [person for person in people if not person.get("was_cancelled")]
        regions = _results(people[0]) if people else []
        if len(people) > 1:
            warnings.append(f"{where}: the first of {len(people)} annotations is taken")
    boxes = [region for region in regions if isinstance(region.get("value"), dict) and _has_area(region["value"])]
    records = [_read_region(region, f"{where}: region {number}") for number, region in enumerate(boxes)]
    sizes = {(region.get("original_width"), region.get("original_height")) for region in boxes}
    size = to_size(*sizes.pop(), where) if len(sizes) == 1 else None
    detections = Detections(records, size, scale="percent", warnings=tuple(warnings))
    return PhotoEntry(photo, lambda: detections, len(records))


def _results(person: dict[str, Any]) -> list[dict[str, Any]]:
    return person.get("result") or []


def _has_area(value: dict[str, Any]) -> bool:
    return value.keys() >= {"x", "y", "width", "height"} or "points" in value or "radiusX" in value


def _read_region(region: dict[str, Any], where: str) -> Record:
    value = region["value"]
    names = next((value[kind] for kind in LABELS if value.get(kind)), [""])
    corners = _corners(value, region, where)
    return Record(corners, id=str(region.get("id") or ""), name=str(names[0]))


def _corners(value: dict[str, Any], region: dict[str, Any], where: str) -> tuple[float, ...]:
    if "points" in value:
        return bounding_box(value["points"], where)
    if "radiusX" in value:
        x, y, a, b = to_numbers((value[key] for key in ("x", "y", "radiusX", "radiusY")), where, "an ellipse")
        return x - a, y - b, x + a, y + b
    x, y, w, h = to_numbers((value[key] for key in ("x", "y", "width", "height")), where, "x, y, width, height")
    angle = radians(to_numbers([value.get("rotation") or 0], where, "a rotation")[0])
    # Turned about the left upper corner, in pixels: percent of the two sides are of different lengths.
    shape = to_size(region.get("original_width"), region.get("original_height"), where) or (1, 1)
    ratio = shape[0] / shape[1]
    corners = [(across * ratio, down) for across, down in ((0, 0), (w, 0), (0, h), (w, h))]
    xs = [x + (across * cos(angle) - down * sin(angle)) / ratio for across, down in corners]
    ys = [y + across * sin(angle) + down * cos(angle) for across, down in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _small_regions(task: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the regions of JSON-MIN, where a task is flat."""
    for value in task.values():
        if isinstance(value, list):
            yield from (region for region in value if isinstance(region, dict) and "original_width" in region)


LABEL_STUDIO = Format("Label Studio JSON", _is_label_studio, _open_label_studio)
