"""The checkpoints that are evaluated, and the run behind each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from omegaconf import DictConfig

from inference.checkpoint import Checkpoint
from inference.shipped_checkpoint import checkpoint_or_shipped
from lightning_modules.recipe import PLACES, Recipe, last_key
from scripts.resuming.recorded_config import known_parts_only

LAST = Path("checkpoints/last.ckpt")
# Keys in which runs of one study differ: each value stands for another draw of the same.
DRAWS = frozenset({"seed", "fold", "unseen_fold", "split_seed"})


@dataclass(frozen=True)
class Trained:
    """A checkpoint and how it was made.

    Attributes:
        path: The checkpoint.
        name: What it is called in tables: its run's folder.
        recipe: What the checkpoint knows of its run.
        cache_dir: Folder for what its run's data leave in a cache.
    """

    path: Path
    name: str
    recipe: Recipe
    cache_dir: str = "cache"

    @property
    def seed(self) -> str:
        """The training's seed."""
        known = self.recipe.configuration or self.recipe.overrides
        return str(known.get("seed", "0"))

    @property
    def study(self) -> tuple[str, ...]:
        """What was typed and is the same in all runs of a study: all but seeds, folds and places."""
        keys = zip(self.recipe.overrides, self.recipe.typed, strict=True)
        return tuple(sorted(typed for key, typed in keys if last_key(key) not in DRAWS | PLACES))

    def configuration(self) -> DictConfig | None:
        """Return the run's own configuration; None where the checkpoint keeps none.

        Raises:
            ValueError: If it asks for something that is none of this project's parts.
        """
        recorded = self.recipe.configuration
        if recorded is None:
            return None
        # The checkpoint, which may be a stranger's, does not say where to write.
        return DictConfig(known_parts_only(recorded, str(self.path)) | {"cache_dir": self.cache_dir})


def find_checkpoints(
    checkpoint: str | None, checkpoints: Sequence[str] | None, runs: str | None, cache_dir: str = "cache"
) -> list[Trained]:
    """Return the checkpoints that a command names, those of runs by name; the project's own if it names none.

    Raises:
        ValueError: If more than one of the three is given, or a file is not a checkpoint.
        FileNotFoundError: If a checkpoint is missing, or there is none in the folder of runs.
    """
    if [checkpoint, checkpoints, runs].count(None) < 2:
        raise ValueError("give one of checkpoint=PATH, checkpoints=[PATH,PATH] and runs=FOLDER")
    if runs is None:
        paths = [checkpoint_or_shipped(checkpoint)] if checkpoints is None else [Path(path) for path in checkpoints]
        return [_trained(path, _run_of(path).name, cache_dir) for path in paths]
    folder = Path(runs)
    if not folder.is_dir():
        raise FileNotFoundError(f"runs: there is no folder {folder}")
    found = sorted(path for path in folder.rglob(LAST.name) if path.parent.name == LAST.parent.name)
    if not found:
        raise FileNotFoundError(f"runs: there is no {LAST} in a folder of {folder}")
    return [_trained(path, _run_of(path).relative_to(folder).as_posix(), cache_dir) for path in found]


def study_names(trained: Sequence[Trained]) -> dict[tuple[str, ...], str]:
    """Return what each study is called: the overrides that not all studies have, or ``all runs`` for a single one."""
    studies = dict.fromkeys(item.study for item in trained)
    shared = set.intersection(*(set(study) for study in studies)) if studies else set()
    return {study: " ".join(item for item in study if item not in shared) or "all runs" for study in studies}


def _trained(path: Path, name: str, cache_dir: str) -> Trained:
    return Trained(path, name, Checkpoint.read(path).recipe, cache_dir)


def _run_of(path: Path) -> Path:
    return path.parent.parent if path.parent.name == LAST.parent.name else path.parent
