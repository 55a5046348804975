"""Label Studio's JSON and JSON-MIN: tasks with regions in percent of the photo."""

from math import cos, radians, sin
from pathlib import Path

from datamodules.box_files.detections import Detections, Record, to_numbers
from datamodules.box_files.formats.json.values import Json, as_list, get, list_in, object_in, size_in, text
from datamodules.box_files.formats.photos import PhotoEntry, PhotoReader, Reader
from datamodules.box_files.formats.shapes import around, bounding_box, named_numbers, numbered
from datamodules.box_files.names import is_picture_name

LABELS = ("rectanglelabels", "polygonlabels", "ellipselabels", "labels", "brushlabels", "choices")
RECTANGLE, ELLIPSE = ("x", "y", "width", "height"), ("x", "y", "radiusX", "radiusY")
SIZE = ("original_width", "original_height")


PEOPLE = ("annotations", "completions")


def read_label_studio(document: Json, file: Path) -> Reader | None:
    """Read tasks of ``data`` with ``annotations``, or flat ones with regions beside the photo."""
    tasks = as_list(document)
    nested = object_in(tasks[0], "data") is not None and list_in(tasks[0], *PEOPLE) is not None
    if not nested and not any("x" in region for region in _flat_regions(tasks[0])):
        return None
    return PhotoReader([_read_task(task, where) for where, task in numbered(f"{file}: task", tasks)], file)


def _read_task(task: Json, where: str) -> PhotoEntry:
    data = object_in(task, "data") or (task if isinstance(task, dict) else {})
    photo = next((value for value in data.values() if isinstance(value, str) and is_picture_name(value)), "")
    answers: list[list[Json]] = [[*_flat_regions(task)]]
    if get(task, "data") is not None:
        people = [person for person in list_in(task, *PEOPLE) or [] if not get(person, "was_cancelled")]
        answers = [result for person in people if (result := list_in(person, "result"))]
    regions = [region for region in (answers or [[]])[0] if _has_area(_value(region))]
    sizes = {size_in(region, where, *SIZE) for region in regions}
    warnings = (f"{where}: the first of {len(answers)} annotations is taken",) if len(answers) > 1 else ()
    detections = Detections(
        [_read_region(region, place) for place, region in numbered(f"{where}: region", regions)],
        sizes.pop() if len(sizes) == 1 else None,
        scale="percent",
        warnings=warnings,
    )
    return PhotoEntry(photo, lambda: detections, len(regions))


def _flat_regions(task: Json) -> list[dict[str, Json]]:
    """Return the regions of JSON-MIN, where a task is flat."""
    lists = [value for value in task.values() if isinstance(value, list)] if isinstance(task, dict) else []
    return [region for value in lists for region in value if isinstance(region, dict) and SIZE[0] in region]


def _value(region: Json) -> dict[str, Json]:
    """Return the numbers and names of a region, which JSON-MIN writes beside the photo's size."""
    flat = region if isinstance(region, dict) and "value" not in region else {}
    return object_in(region, "value") or flat


def _has_area(value: dict[str, Json]) -> bool:
    return value.keys() >= set(RECTANGLE) or "points" in value or "radiusX" in value


def _read_region(region: Json, where: str) -> Record:
    value = _value(region)
    names = next((names for kind in LABELS if (names := list_in(value, kind))), [""])
    if "points" in value:
        corners = bounding_box(value["points"], where)
    elif "radiusX" in value:
        corners = around(*named_numbers(value, ELLIPSE, where))
    else:
        corners = _turned(value, size_in(region, where, *SIZE) or (1, 1), where)
    return Record(corners, id=text(region, "id"), name=str(names[0]))


def _turned(value: dict[str, Json], size: tuple[int, int], where: str) -> tuple[float, ...]:
    """Return the box around a rectangle that is turned about its left upper corner."""
    x, y, w, h = named_numbers(value, RECTANGLE, where)
    angle = radians(to_numbers([value.get("rotation") or 0], where, "a rotation")[0])
    # Turned in pixels: percent of the two sides are of different lengths.
    ratio = size[0] / size[1]
    corners = [(across * ratio, down) for across, down in ((0, 0), (w, 0), (0, h), (w, h))]
    xs = [x + (across * cos(angle) - down * sin(angle)) / ratio for across, down in corners]
    ys = [y + across * sin(angle) + down * cos(angle) for across, down in corners]
    return min(xs), min(ys), max(xs), max(ys)
