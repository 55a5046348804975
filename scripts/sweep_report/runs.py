"""Reading the runs below a folder."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from callbacks.result_file import Result, read_result
from lightning_modules.recipe import split_override
from scripts.sweep_report.effect import effect_of, has_effect

FINISHED, FAILED, UNFINISHED = "finished", "failed", "unfinished"


@dataclass(frozen=True)
class Run:
    """One training, as its folder tells it.

    Attributes:
        folder: The run's folder.
        name: Its path below the folder that is reported on.
        cfg: Its configuration, not resolved.
        choices: The option chosen in each group of the configuration.
        overrides: What was typed, by key.
        result: What it left when it ended; empty if it did not.
    """

    folder: Path
    name: str
    cfg: DictConfig
    choices: dict[str, str]
    overrides: dict[str, str]
    result: Result

    @property
    def status(self) -> str:
        """Finished, failed, or unfinished: killed, or still running."""
        return str(self.result.get("status", UNFINISHED))

    @property
    def seed(self) -> str:
        """The training's seed."""
        return str(self.cfg.get("seed"))

    @cached_property
    def effect(self) -> str:
        """The same text for runs that are the same but for the seed."""
        return effect_of(self.cfg)

    @property
    def measures(self) -> dict[str, float]:
        """The last epoch's measures, the best value of the one that chooses the checkpoint, and the time taken."""
        numbers = {"best": self.result.get("best"), **self.result.get("measures", {})}
        numbers["seconds"] = self.result.get("seconds")
        return {name: float(value) for name, value in numbers.items() if value is not None}

    def value_of(self, key: str) -> str:
        """Return what an override's key is set to in this run, typed or not."""
        if key in self.overrides:
            return self.overrides[key]
        if key in self.choices:
            return self.choices[key]
        return str(OmegaConf.select(self.cfg, key, default=""))

    def reads(self, key: str) -> bool:
        """Return whether another value of the key would make it another run."""
        return has_effect(self.cfg, key)


def read_runs(folder: Path) -> list[Run]:
    """Return all runs below a folder, by name.

    Raises:
        FileNotFoundError: If there is no such folder, or no run in it.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}: type runs=FOLDER, for example runs=logs/sweeps")
    runs = [_read(path.parent.parent, folder) for path in sorted(folder.rglob(".hydra/config.yaml"))]
    # Other commands of the project leave a configuration too.
    runs = [run for run in runs if "trainer" in run.cfg]
    if not runs:
        raise FileNotFoundError(f"there is no run in {folder}: a run's folder holds .hydra/config.yaml")
    return runs


def _read(folder: Path, root: Path) -> Run:
    hydra, overrides = folder / ".hydra/hydra.yaml", folder / ".hydra/overrides.yaml"
    cfg = OmegaConf.load(folder / ".hydra/config.yaml")
    assert isinstance(cfg, DictConfig), "Hydra writes mappings"
    choices = OmegaConf.select(OmegaConf.load(hydra), "hydra.runtime.choices") if hydra.is_file() else None
    typed = [str(item) for item in OmegaConf.load(overrides)] if overrides.is_file() else []
    return Run(
        folder=folder,
        name=str(folder.relative_to(root)),
        cfg=cfg,
        choices={str(group): str(option) for group, option in (choices or {}).items()},
        overrides=dict(_key_and_value(override) for override in typed),
        result=read_result(folder) or Result(),
    )


def _key_and_value(override: str) -> tuple[str, str]:
    key, value = split_override(override)
    return key.lstrip("+~"), "left out" if key.startswith("~") else value
