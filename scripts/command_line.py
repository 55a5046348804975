"""What all commands share: readable errors, warnings about useless overrides, going on from a checkpoint."""

import functools
import logging
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hydra import compose
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import OmegaConfBaseException

from scripts.memory import keep_freed_memory

log = logging.getLogger(__name__)
Result = TypeVar("Result")


def prepare_process() -> None:
    """Registers ``folder_name``, which makes one folder's name of a sweep job's overrides, and hushes known noise."""
    # Lightning itself still uses torch's old name.
    warnings.filterwarnings("ignore", message=".*LeafSpec.*")
    # Frozen layers are in evaluation mode on purpose.
    warnings.filterwarnings("ignore", message=".*module\\(s\\) in eval mode at the start.*")
    keep_freed_memory()
    OmegaConf.register_new_resolver("folder_name", lambda text: text.replace("/", "-"), replace=True)


def explain_mistakes(command: Callable[[DictConfig], Result]) -> Callable[[DictConfig], Result]:
    """Ends a command with one line instead of a traceback where the user's input is at fault.

    HYDRA_FULL_ERROR=1 shows the traceback.
    """

    @functools.wraps(command)
    def explained(cfg: DictConfig) -> Result:
        try:
            _check_complete(cfg)
            return command(cfg)
        except (ValueError, OSError, HydraException, OmegaConfBaseException) as error:
            if os.environ.get("HYDRA_FULL_ERROR") == "1":
                raise
            print(f"error: {_root_cause(error)}", file=sys.stderr)
            sys.exit(1)

    return explained


def check_overrides(cfg: DictConfig) -> None:
    """Warns of overrides without effect and refuses combinations that cannot work.

    Raises:
        ValueError: If a sweep asks for several devices.
    """
    hydra = HydraConfig.get()
    given = {override.lstrip("+~").split("=")[0] for override in hydra.overrides.task}
    if "lambda" in given and "scale" not in cfg.head:
        log.warning(
            "lambda has no effect with head=%s; leave it out or type head=cosine", hydra.runtime.choices["head"]
        )
    if hydra.mode == RunMode.MULTIRUN and cfg.trainer.devices not in (1, "1"):
        raise ValueError(
            "a sweep (-m) together with several devices would start the whole sweep once per device; "
            "set trainer.devices=1 or start the runs one by one"
        )


def resumed(cfg: DictConfig) -> DictConfig:
    """Returns the configuration of the run that ``resume`` names, with this call's overrides on top.

    Raises:
        FileNotFoundError: If there is no such checkpoint.
    """
    if cfg.resume is None:
        return cfg
    if not Path(cfg.resume).is_file():
        raise FileNotFoundError(f"resume: there is no checkpoint {cfg.resume}")
    from scripts.recipe import read_checkpoint

    hydra = HydraConfig.get()
    before = read_checkpoint(Path(cfg.resume))["recipe"]["overrides"]
    kept = [override for override in before if not override.startswith(("resume=", "output_dir=", "hydra."))]
    merged = compose(hydra.job.config_name, overrides=kept + list(hydra.overrides.task), return_hydra_config=True)
    with open_dict(merged):
        merged.hydra.runtime.output_dir = hydra.runtime.output_dir
        HydraConfig.instance().set_config(merged)
        del merged["hydra"]
        merged.output_dir = cfg.output_dir
    return merged


def _check_complete(cfg: DictConfig) -> None:
    missing = sorted(OmegaConf.missing_keys(cfg))
    if missing:
        raise ValueError(f"{', '.join(missing)} must be given: type {missing[0]}=VALUE")


def _root_cause(error: BaseException) -> str:
    """Returns the message of the error that Hydra wrapped while building an object."""
    while isinstance(error, HydraException) and error.__cause__ is not None:
        error = error.__cause__
    return str(error) or type(error).__name__
