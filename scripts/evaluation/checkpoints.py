"""The checkpoints that are evaluated, and the run behind each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig

from inference.checkpoint import read_checkpoint
from inference.shipped_checkpoint import checkpoint_or_shipped
from scripts.cli.command_line import lasting_overrides

CONF = Path(__file__).resolve().parents[2] / "conf"
LAST = Path("checkpoints/last.ckpt")
# Overrides in which runs of one study differ: each stands for another draw of the same.
DRAWS = ("seed", "fold", "unseen_fold", "split_seed")
# Overrides that say where things lie.
PLACES = ("cache_dir", "weights_dir")


@dataclass(frozen=True)
class Trained:
    """A checkpoint and how it was made.

    Attributes:
        path: The checkpoint.
        name: What it is called in tables: its run's folder.
        overrides: The run's overrides.
    """

    path: Path
    name: str
    overrides: tuple[str, ...]

    @property
    def seed(self) -> str:
        """The training's seed."""
        return self._value_of("seed", "0")

    @property
    def study(self) -> tuple[str, ...]:
        """The overrides that are the same in all runs of a study: all but seeds, folds and places."""
        return tuple(sorted(item for item in self.overrides if _last_key(item) not in (*DRAWS, *PLACES)))

    def training_config(self) -> DictConfig:
        """Returns the run's configuration, composed anew from its overrides."""
        if GlobalHydra.instance().is_initialized():
            return compose("config", overrides=list(self.overrides))
        with initialize_config_dir(str(CONF), version_base="1.3"):
            return compose("config", overrides=list(self.overrides))

    def _value_of(self, key: str, otherwise: str) -> str:
        return next((item.partition("=")[2] for item in self.overrides if item.partition("=")[0] == key), otherwise)


def find_checkpoints(checkpoint: str | None, checkpoints: Sequence[str] | None, runs: str | None) -> list[Trained]:
    """Returns the checkpoints that a command names, those of runs by name; the project's own if it names none.

    Raises:
        ValueError: If more than one of the three is given, or a file is no checkpoint.
        FileNotFoundError: If a checkpoint is missing, or there is none in the folder of runs.
    """
    if [checkpoint, checkpoints, runs].count(None) < 2:
        raise ValueError("give one of checkpoint=PATH, checkpoints=[PATH,PATH] and runs=FOLDER")
    if runs is None:
        paths = [checkpoint_or_shipped(checkpoint)] if checkpoints is None else [Path(path) for path in checkpoints]
        return [_trained(path, _run_of(path).name) for path in paths]
    folder = Path(runs)
    if not folder.is_dir():
        raise FileNotFoundError(f"runs: there is no folder {folder}")
    found = sorted(path for path in folder.rglob(LAST.name) if path.parent.name == LAST.parent.name)
    if not found:
        raise FileNotFoundError(f"runs: there is no {LAST} in a folder of {folder}")
    return [_trained(path, _run_of(path).relative_to(folder).as_posix()) for path in found]


def study_names(trained: Sequence[Trained]) -> dict[tuple[str, ...], str]:
    """Returns what each study is called: the overrides that not all studies have, or ``all runs`` for a single one."""
    studies = dict.fromkeys(item.study for item in trained)
    shared = set.intersection(*(set(study) for study in studies)) if studies else set()
    return {study: " ".join(item for item in study if item not in shared) or "all runs" for study in studies}


def _trained(path: Path, name: str) -> Trained:
    return Trained(path, name, tuple(lasting_overrides(read_checkpoint(path)["recipe"].get("overrides", []))))


def _run_of(path: Path) -> Path:
    return path.parent.parent if path.parent.name == LAST.parent.name else path.parent


def _last_key(override: str) -> str:
    return override.partition("=")[0].rpartition(".")[2]
