"""What all commands share: readable errors, warnings about useless overrides."""

import functools
import logging
import os
import sys
import warnings
from collections.abc import Callable
from typing import NoReturn, TypeVar

from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from lightning_modules.recipe import split_override
from scripts.cli.overrides import typed_overrides

log = logging.getLogger(__name__)
Result = TypeVar("Result")
# What is raised where the user's input is at fault.
MISTAKES = (ValueError, OSError, HydraException, OmegaConfBaseException)

# Makes one folder's name of a sweep job's overrides. Registered on import, because the processes of a launcher import
# this file and run none of train.py before they ask for the folder.
OmegaConf.register_new_resolver("folder_name", lambda text: text.replace("/", "-"), replace=True)


class SweepRefused(ValueError):
    """A sweep that cannot work as a whole, whatever its jobs are."""


def prepare_process() -> None:
    """Keeps freed memory for the next batch and hushes known noise."""
    # Lightning itself still uses torch's old name.
    warnings.filterwarnings("ignore", message=".*LeafSpec.*")
    # Frozen layers are in evaluation mode on purpose.
    warnings.filterwarnings("ignore", message=".*module\\(s\\) in eval mode at the start.*")
    # Imported late, for ctypes alone takes longer than all that --cfg needs of this project.
    from scripts.cli.memory import keep_freed_memory

    keep_freed_memory()


def explain_mistakes(command: Callable[[DictConfig], Result]) -> Callable[[DictConfig], Result]:
    """Ends a command with one line instead of a traceback where the user's input is at fault.

    HYDRA_FULL_ERROR=1 shows the traceback.
    """

    @functools.wraps(command)
    def explained(cfg: DictConfig) -> Result:
        try:
            check_complete(cfg)
            return command(cfg)
        except MISTAKES as error:
            if os.environ.get("HYDRA_FULL_ERROR") == "1":
                raise
            end_with(error)

    return explained


def end_with(error: BaseException) -> NoReturn:
    """Prints an error in one line and ends the process."""
    print(f"error: {reason_of(error)}", file=sys.stderr)
    sys.exit(1)


def check_overrides(cfg: DictConfig) -> None:
    """Warns of overrides without effect and refuses combinations that cannot work.

    Raises:
        SweepRefused: If a sweep asks for several devices, or for one folder for all of its jobs.
    """
    hydra = HydraConfig.get()
    given = {split_override(override)[0] for override in typed_overrides()}
    if "lambda" in given and "scale" not in cfg.head:
        log.warning(
            "lambda has no effect with head=%s; leave it out or type head=cosine", hydra.runtime.choices["head"]
        )
    if hydra.mode != RunMode.MULTIRUN:
        return
    if cfg.trainer.devices not in (1, "1"):
        raise SweepRefused(
            "a sweep (-m) together with several devices would start the whole sweep once per device; "
            "set trainer.devices=1 or start the runs one by one"
        )
    if str(cfg.output_dir) != hydra.runtime.output_dir:
        raise SweepRefused(
            f"in a sweep (-m) output_dir={cfg.output_dir} would be the folder of every job; "
            f"type hydra.sweep.dir={cfg.output_dir}, and each job gets a folder in it"
        )


def check_complete(cfg: DictConfig) -> None:
    """Raises a ValueError that names the values that must be given and are not."""
    missing = sorted(OmegaConf.missing_keys(cfg))
    if missing:
        raise ValueError(f"{', '.join(missing)} must be given: type {missing[0]}=VALUE")


def reason_of(error: BaseException) -> str:
    """Returns the message of an error, or of the one that Hydra wrapped while building an object, in one line.

    The messages of mistakes stand for themselves; those of other errors need their type, as in ``KeyError: 'image'``.
    """
    while isinstance(error, HydraException) and error.__cause__ is not None:
        error = error.__cause__
    message = " ".join(str(error).split())
    if message and isinstance(error, MISTAKES):
        return message
    return f"{type(error).__name__}: {message}".removesuffix(": ")
