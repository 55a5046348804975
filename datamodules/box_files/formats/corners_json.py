"""The report's JSON: ``{id: {x1, x2, y1, y2}}``, pixels of the photo as seen, x2 and y2 exclusive."""

from pathlib import Path
from typing import Any

from datamodules.box_files.detections import Detections, Record, to_numbers
from datamodules.box_files.orientation import Photo

CORNERS = ("x1", "y1", "x2", "y2")


def is_report(document: Any) -> bool:
    """Return whether a JSON document has a record with one of the corners."""
    return isinstance(document, dict) and any(
        isinstance(record, dict) and not record.keys().isdisjoint(CORNERS) for record in document.values()
    )


def read_report(document: dict[str, Any], file: Path, photo: Photo) -> Detections:
    """Return the boxes of a document.

    Raises:
        ValueError: Naming the record at fault.
    """
    return Detections([_read_record(name, record, file) for name, record in document.items()])


def _read_record(name: str, record: Any, file: Path) -> Record:
    expected = "id: {x1, y1, x2, y2} in numbers"
    if not isinstance(record, dict) or not record.keys() >= set(CORNERS):
        raise ValueError(f"{file}: record {name!r}: expected {expected}, got {str(record)[:120]}")
    return Record(to_numbers((record[corner] for corner in CORNERS), f"{file}: record {name!r}", expected), id=name)
