"""COCO's JSON, boxes as ``[x, y, width, height]`` counted from 0: images with annotations, and lists of results."""

from collections import Counter
from functools import partial
from pathlib import Path

from datamodules.box_files.detections import Detections, Record, to_numbers, wrong
from datamodules.box_files.formats.json.values import Json, get, list_in, size_in
from datamodules.box_files.formats.photos import PhotoEntry, PhotoReader, Reader
from datamodules.box_files.formats.shapes import bounding_box, collect
from datamodules.box_files.names import product_name
from datamodules.box_files.placing.orientation import Photo

EXPECTED = "bbox: [x, y, width, height] in numbers"
CROWD = "boxes of {} that hold a crowd (iscrowd)"
Entry = dict[str, Json]
ByImage = dict[str, list[tuple[str, Entry]]]


def read_coco(document: Json, file: Path) -> Reader | None:
    """Read ``{images, annotations, categories}``."""
    if list_in(document, "images") is None:
        return None
    images = [image for _, image in _checked(get(document, "images"), ("id", "file_name"), f"{file}", "images")]
    categories = _checked(get(document, "categories") or [], ("id", "name"), f"{file}", "categories")
    names = {product_name(category["id"]): str(category["name"]) for _, category in categories}
    annotations = _by_image(_checked(get(document, "annotations"), ("image_id",), f"{file}", "annotations"))
    same = {(product_name(image["id"]), str(image["file_name"])): image for image in images}
    shared = Counter(key for key, _ in same)
    entries = [
        PhotoEntry(
            name, partial(_read_image, image, annotations.get(key, []), names, file, shared[key] > 1),
            len(annotations.get(key, [])),
        )
        for (key, name), image in same.items()
    ]  # fmt: skip
    return PhotoReader(entries, file)


def _read_image(
    image: Entry, annotations: list[tuple[str, Entry]], names: dict[str, str], file: Path, shared: bool
) -> Detections:
    if shared:
        raise ValueError(
            f"{file} gives the id {image['id']} to {image['file_name']} and to another image, so that it does not say "
            "whose boxes are whose: give each image an id of its own"
        )
    size = size_in(image, f"{file}: image {image['file_name']}")
    crowd = CROWD.format(image["file_name"])
    return collect(f"{file}", annotations, partial(_read_annotation, names), size, "xywh", crowd)


def _read_annotation(names: dict[str, str], annotation: Entry, where: str) -> Record | None:
    if annotation.get("iscrowd"):
        return None
    category, name = annotation.get("category_id"), annotation.get("id")
    return Record(
        _read_bbox(annotation, where),
        id="" if name is None else str(name),
        name="" if category is None else names.get(product_name(category), str(category)),
    )


def read_results(document: Json, file: Path) -> Reader | None:
    """Read a list of ``{image_id, category_id, bbox, score}``, which names images by number."""
    if not isinstance(document, list) or not isinstance(document[0], dict) or "bbox" not in document[0]:
        return None
    if "image_id" not in document[0]:
        return None
    by_image = _by_image(_checked(document, ("image_id", "bbox"), f"{file}", "results"))
    entries = [
        PhotoEntry(image, partial(collect, f"{file}", results, _read_result, layout="xywh"))
        for image, results in by_image.items()
    ]
    return partial(_read_results, PhotoReader(entries, file, one_photo=len(entries) == 1))


def _read_results(reader: PhotoReader, photo: Photo) -> Detections:
    try:
        return reader(photo)
    except ValueError as error:
        raise ValueError(
            f"{error}; COCO results name images by number: give COCO with the list of images instead"
        ) from error


def _read_result(result: Entry, where: str) -> Record:
    return Record(_read_bbox(result, where), name=str(result.get("category_id", "")))


def _checked(entries: Json, needed: tuple[str, ...], file: str, key: str) -> list[tuple[str, Entry]]:
    """Return entries that have what they need, each behind its place."""
    if not isinstance(entries, list):
        raise wrong(file, f"COCO with a list of {key}", entries)
    checked = []
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict) or not entry.keys() >= set(needed):
            raise wrong(f"{file}: {key}[{number}]", ", ".join(needed), entry)
        checked.append((f"{file}: {key}[{number}]", entry))
    return checked


def _by_image(entries: list[tuple[str, Entry]]) -> ByImage:
    found: ByImage = {}
    for where, entry in entries:
        found.setdefault(product_name(entry["image_id"]), []).append((where, entry))
    return found


def _read_bbox(annotation: Entry, where: str) -> tuple[float, ...]:
    """Return an annotation's x, y, width, height, or those around its polygons where it has none."""
    box, polygons = annotation.get("bbox"), list_in(annotation, "segmentation")
    if not box and polygons and all(isinstance(flat, list) for flat in polygons):
        flat = [value for polygon in polygons if isinstance(polygon, list) for value in polygon]
        x1, y1, x2, y2 = bounding_box([list(pair) for pair in zip(flat[::2], flat[1::2], strict=False)], where)
        return x1, y1, x2 - x1, y2 - y1
    if not isinstance(box, list) or len(box) != 4:
        raise wrong(where, EXPECTED, box)
    return to_numbers(box, where, EXPECTED)
