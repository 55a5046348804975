"""VoTT's JSON: an asset, or an export with several; regions with ``boundingBox`` and ``tags``."""

from functools import partial
from pathlib import Path
from typing import Any

from datamodules.box_files.detections import Detections, Record, to_numbers, to_size
from datamodules.box_files.formats.photos import Format, PhotoEntry, PhotoReader, Reader

SIDES = ("left", "top", "width", "height")


def _assets(document: Any) -> list[dict[str, Any]]:
    inside = document.get("assets") if isinstance(document, dict) else None
    assets = list(inside.values()) if isinstance(inside, dict) else [document]
    return [
        item for item in assets if isinstance(item, dict) and isinstance(item.get("asset"), dict) and "regions" in item
    ]


def _is_vott(document: Any) -> bool:
    return bool(_assets(document))


def _open_vott(document: Any, file: Path) -> Reader:
    assets = _assets(document)
    entries = [
        PhotoEntry(str(item["asset"].get("name") or item["asset"].get("path") or ""), partial(_read, item, file),
                   len(item["regions"]))
        for item in assets
    ]  # fmt: skip
    return PhotoReader(entries, file, one_photo="assets" not in document)


def _read(item: dict[str, Any], file: Path) -> Detections:
    size = item["asset"].get("size") or {}
    records = [_read_region(region, f"{file}: region {number}") for number, region in enumerate(item["regions"])]
    return Detections(records, to_size(size.get("width"), size.get("height"), f"{file}: size"), "xywh")


def _read_region(region: dict[str, Any], where: str) -> Record:
    box, tags = region["boundingBox"], region.get("tags") or [""]
    numbers = to_numbers((box[side] for side in SIDES), where, "a boundingBox of left, top, width, height")
    return Record(numbers, id=str(region.get("id") or ""), name=str(tags[0]))


VOTT = Format("VoTT JSON (asset, regions)", _is_vott, _open_vott)
