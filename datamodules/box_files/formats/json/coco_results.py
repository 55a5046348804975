"""COCO's results: a list of ``{image_id, category_id, bbox: [x, y, width, height], score}``."""

from functools import partial
from pathlib import Path
from typing import Any

from datamodules.box_files.detections import Detections, Record
from datamodules.box_files.formats.json.coco import read_bbox
from datamodules.box_files.formats.photos import Format, PhotoEntry, PhotoReader, Reader
from datamodules.box_files.names import product_name
from datamodules.box_files.placing.orientation import Photo


def _is_results(document: Any) -> bool:
    return isinstance(document, list) and isinstance(document[0], dict) and document[0].keys() >= {"image_id", "bbox"}


def _open_results(document: list[Any], file: Path) -> Reader:
    by_image: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for number, result in enumerate(document):
        if not isinstance(result, dict) or not result.keys() >= {"image_id", "bbox"}:
            raise ValueError(f"{file}: result {number}: expected image_id and bbox, got {str(result)[:120]}")
        by_image.setdefault(product_name(result["image_id"]), []).append((number, result))
    entries = [PhotoEntry(image, partial(_read_image, results, file)) for image, results in by_image.items()]
    reader = PhotoReader(entries, file, one_photo=len(entries) == 1)

    def read(photo: Photo) -> Detections:
        try:
            return reader(photo)
        except ValueError as error:
            raise ValueError(
                f"{error}; COCO results name images by number: give COCO with the list of images instead"
            ) from error

    return read


def _read_image(results: list[tuple[int, dict[str, Any]]], file: Path) -> Detections:
    records = [
        Record(read_bbox(result, f"{file}: result {number}"), name=str(result.get("category_id", "")))
        for number, result in results
    ]
    return Detections(records, layout="xywh")


COCO_RESULTS = Format("COCO results (a list of image_id, bbox)", _is_results, _open_results)
