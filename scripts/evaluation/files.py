"""What an evaluation leaves: photos.csv with a row per photo and run, and evaluation.json with everything folded."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from analysis.measures.per_photo import PARTS
from analysis.whole_file import write_text
from scripts.evaluation.photos import PhotoResult
from scripts.evaluation.summary import Study, ari_of
from scripts.pages.csv_table import write_csv

ABOUT = ("run", "seed", "source", "photo", "detections")


def write_photos(results: Sequence[PhotoResult], path: Path) -> None:
    """Write a row per photo and run; measures of parts are called ``seen_ari`` and so on, empty where undefined."""
    rows = [_row(result) for result in results]
    columns = list(dict.fromkeys([*ABOUT, *(name for row in rows for name in row)]))
    write_csv(path, columns, ([row.get(column, "") for column in columns] for row in rows))


def write_record(
    studies: Sequence[Study], worst: Sequence[PhotoResult], settings: dict[str, object], path: Path
) -> None:
    """Write studies, worst photos and what was asked for."""
    listed = [{"photo": item.scene.name, "run": item.trained.name, "ari": ari_of(item)} for item in worst]
    record = {"settings": settings, "studies": [asdict(study) for study in studies], "worst": listed}
    write_text(path, json.dumps(record, indent=1) + "\n")


def _row(result: PhotoResult) -> dict[str, object]:
    scene = result.scene
    about = (result.trained.name, result.trained.seed, scene.source, scene.name, len(scene))
    row: dict[str, object] = dict(zip(ABOUT, about, strict=True))
    for part in PARTS:
        prefix = "" if part == "all" else f"{part}_"
        measures = result.measures.parts.get(part, {})
        # A number that is none is left empty, which every reader of tables takes for one.
        row |= {f"{prefix}{name}": "" if value != value else round(value, 6) for name, value in measures.items()}
    return row
