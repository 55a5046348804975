"""The checkpoint that comes with the project, for those who have trained none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lightning_modules.backbones.weights import SHIPPED

if TYPE_CHECKING:
    from inference.grouper import Grouper


def checkpoint_or_shipped(checkpoint: str | Path | None) -> Path:
    """Return the checkpoint that a command names, or the project's own, trained on rendered shelves alone.

    Raises:
        FileNotFoundError: If none is named and the project's own is missing.
    """
    if checkpoint is not None:
        return Path(checkpoint)
    if not SHIPPED.is_file():
        raise FileNotFoundError(
            f"the checkpoint that comes with the project, {SHIPPED}, is missing: `make checkpoint` makes it anew, "
            "checkpoint=PATH takes another"
        )
    return SHIPPED


def load_shipped_grouper() -> Grouper:
    """Return the grouper of the project's own checkpoint."""
    # The grouper asks this file where that checkpoint is.
    from inference.grouper import Grouper

    return Grouper.load()
