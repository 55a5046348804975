"""Runs that were finished before they are gone on with: nothing is trained, and nothing of theirs is lost."""

import logging
import math
import shutil
from pathlib import Path

from omegaconf import DictConfig

from analysis.whole_file import whole_file
from callbacks.result_file import RESULT_NAME, Result, read_result
from scripts.cli.overrides import decided_keys, typed_overrides
from scripts.resuming.resume import OWN

log = logging.getLogger(__name__)
CHECKPOINTS = "checkpoints"


def finished_before(cfg: DictConfig) -> float | None:
    """Return the best value of the run that ``resume`` names if it has nothing left to train, and say so.

    Its checkpoints and its result are taken along into another folder.

    Args:
        cfg: The configuration that would be trained.
    """
    if cfg.resume is None:
        return None
    last = Path(cfg.resume)
    run = last.parent.parent if last.parent.name == CHECKPOINTS else last.parent
    result = read_result(run) or Result()
    if result.get("status") != "finished" or not _nothing_left(cfg, result["epochs"]):
        return None
    folder = Path(cfg.output_dir)
    _take_along(run, last, folder)
    log.warning(
        "%s is of a run that is finished, after %d epochs: nothing is trained, and its result is in %s; to train "
        "further, type trainer.max_epochs=%d too", last, result["epochs"], folder, 2 * result["epochs"]
    )  # fmt: skip
    best = result.get("best")
    return math.nan if best is None else float(best)


def _nothing_left(cfg: DictConfig, epochs: int) -> bool:
    # Imported late: torch would keep --help and --cfg waiting.
    from inference.checkpoint import Checkpoint

    if Checkpoint.read(cfg.resume).epochs != epochs:
        return False
    typed, _ = decided_keys(typed_overrides())
    most = cfg.trainer.max_epochs
    # A run may have been ended early.
    return typed <= {*OWN} or (most is not None and 0 <= most <= epochs)


def _take_along(run: Path, last: Path, folder: Path) -> None:
    if folder.resolve() == run.resolve():
        return
    kept = [*last.parent.glob("*.ckpt"), run / RESULT_NAME]
    for path in kept:
        place = folder / CHECKPOINTS / path.name if path.suffix == ".ckpt" else folder / path.name
        with whole_file(place) as unfinished:
            shutil.copyfile(path, unfinished)
