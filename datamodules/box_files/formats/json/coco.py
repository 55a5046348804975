"""COCO's JSON: images, annotations with ``bbox: [x, y, width, height]`` counted from 0, and categories."""

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from datamodules.box_files.detections import Detections, Record, to_numbers, to_size
from datamodules.box_files.formats.photos import Format, PhotoEntry, PhotoReader, Reader, bounding_box
from datamodules.box_files.names import product_name

EXPECTED = "bbox: [x, y, width, height] in numbers"


def _is_coco(document: Any) -> bool:
    return isinstance(document, dict) and isinstance(document.get("images"), list)


def _open_coco(document: dict[str, Any], file: Path) -> Reader:
    images = _entries(document, "images", ("id", "file_name"), file)
    categories = _entries(document, "categories", ("id", "name"), file, optional=True)
    names = {product_name(category["id"]): str(category["name"]) for category in categories}
    annotations: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for number, annotation in enumerate(_entries(document, "annotations", ("image_id",), file)):
        annotations.setdefault(product_name(annotation["image_id"]), []).append((number, annotation))
    same = list({(product_name(image["id"]), str(image["file_name"])): image for image in images}.values())
    shared = Counter(product_name(image["id"]) for image in same)
    entries = []
    for image in same:
        key = product_name(image["id"])
        found = annotations.get(key, [])
        read = partial(_read_image, image, found, names, file, shared[key] > 1)
        entries.append(PhotoEntry(str(image["file_name"]), read, len(found)))
    return PhotoReader(entries, file)


def _read_image(
    image: dict[str, Any],
    annotations: list[tuple[int, dict[str, Any]]],
    names: dict[str, str],
    file: Path,
    shared: bool,
) -> Detections:
    if shared:
        raise ValueError(
            f"{file} gives the id {image['id']} to {image['file_name']} and to another image, so that it does not say "
            "whose boxes are whose: give each image an id of its own"
        )
    kept = [(number, annotation) for number, annotation in annotations if not annotation.get("iscrowd")]
    left_out = len(annotations) - len(kept)
    warning = f"{file}: {left_out} boxes of {image['file_name']} that hold a crowd (iscrowd) are left out"
    records = [_read_annotation(annotation, names, f"{file}: annotations[{number}]") for number, annotation in kept]
    size = to_size(image.get("width"), image.get("height"), f"{file}: image {image['file_name']}")
    return Detections(records, size, "xywh", warnings=(warning,) if left_out else ())


def _entries(
    document: dict[str, Any], key: str, needed: tuple[str, ...], file: Path, optional: bool = False
) -> list[dict[str, Any]]:
    entries = document.get(key, [] if optional else None)
    if not isinstance(entries, list):
        raise ValueError(f"{file}: expected COCO with a list of {key}, got {str(entries)[:120]}")
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict) or not entry.keys() >= set(needed):
            raise ValueError(f"{file}: {key}[{number}]: expected {', '.join(needed)}, got {str(entry)[:120]}")
    return entries


def _read_annotation(annotation: dict[str, Any], names: dict[str, str], where: str) -> Record:
    category, name = annotation.get("category_id"), annotation.get("id")
    return Record(
        read_bbox(annotation, where),
        id="" if name is None else str(name),
        name="" if category is None else names.get(product_name(category), str(category)),
    )


def read_bbox(annotation: dict[str, Any], where: str) -> tuple[float, ...]:
    """Return an annotation's x, y, width, height, or those around its polygons where it has none.

    Raises:
        ValueError: Naming the place and what was expected.
    """
    box, polygons = annotation.get("bbox"), annotation.get("segmentation")
    if not box and isinstance(polygons, list) and polygons and all(isinstance(flat, list) for flat in polygons):
        flat = [value for polygon in polygons for value in polygon]
        pairs = [list(pair) for pair in zip(flat[::2], flat[1::2], strict=False)]
        x1, y1, x2, y2 = bounding_box(pairs, where)
        return x1, y1, x2 - x1, y2 - y1
    if not isinstance(box, list) or len(box) != 4:
        raise ValueError(f"{where}: expected {EXPECTED}, got {str(box)[:120]}")
    return to_numbers(box, where, EXPECTED)


COCO = Format("COCO JSON (images, annotations)", _is_coco, _open_coco)
