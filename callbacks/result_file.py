"""``result.json``, which a run leaves in its folder when it ends.

Written and read without torch, so that a sweep in which everything is finished answers at once.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from analysis.whole_file import write_text

RESULT_NAME = "result.json"


class Result(TypedDict, total=False):
    """What a run left when it ended.

    Attributes:
        status: finished or failed.
        reason: Why it failed.
        monitor: The measure that chooses the checkpoint.
        best: Its best value.
        epochs: How many were trained.
        seconds: The time taken.
        measures: Those of the last epoch.
        configuration: What tells a sweep that it is the same job.
    """

    status: str
    reason: str
    monitor: str | None
    best: float | None
    epochs: int
    seconds: float
    measures: dict[str, float | None]
    configuration: str


def write_result(folder: Path, result: Mapping[str, object]) -> Path:
    """Write a run's result into its folder, whole or not at all, and return the file's path.

    Args:
        folder: The run's folder, made if need be.
        result: Texts, numbers and tensors of one number, by name; NaN and Inf become null, which JSON has instead.
    """
    path = folder / RESULT_NAME
    write_text(path, json.dumps(_plain(result), indent=1, allow_nan=False) + "\n")
    return path


def read_result(folder: Path) -> Result | None:
    """Return the result that a run left in its folder, None where there is none that can be read."""
    try:
        result: Result = json.loads((folder / RESULT_NAME).read_text())
    except (OSError, ValueError):
        return None
    return result if isinstance(result, dict) and "status" in result else None


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
