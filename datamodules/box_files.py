"""Reading the boxes of a photo from a file."""

import json
from pathlib import Path

import numpy as np

from datamodules.scene import Scene

CORNERS = ("x1", "y1", "x2", "y2")


def read_scene(photo: Path, boxes: Path) -> Scene:
    """Returns the scene of a photo and its box file ``{id: {x1, y1, x2, y2}}`` in pixels.

    Raises:
        FileNotFoundError: If the photo or the box file is missing.
        ValueError: If the box file is malformed, holds no box, repeats an id, or a box has no area.
    """
    for what, path in (("photo", photo), ("box file", boxes)):
        if not path.is_file():
            raise FileNotFoundError(f"there is no {what} {path}")
    try:
        records = json.loads(boxes.read_text(), object_pairs_hook=list)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{boxes} is not JSON: {error}") from error
    if not isinstance(records, list) or not records:
        raise ValueError(f"{boxes} holds no boxes; expected {{id: {{x1, y1, x2, y2}}}}")
    ids = tuple(str(record[0]) for record in records if isinstance(record, tuple))
    corners = [_corners(boxes, record) for record in records]
    return Scene(name=photo.stem, ids=ids, photo=photo, boxes=np.array(corners, dtype=np.float32))


def _corners(file: Path, record: object) -> list[float]:
    try:
        values = dict(record[1])  # type: ignore[index]
        return [float(values[corner]) for corner in CORNERS]
    except (TypeError, ValueError, KeyError, IndexError) as error:
        raise ValueError(f"{file}: expected id: {{x1, y1, x2, y2}}, got {str(record)[:120]}") from error
