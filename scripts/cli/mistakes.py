"""Mistakes in what a user typed end in one line that says what to type instead."""

import functools
import os
import sys
from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVar

from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

Result = TypeVar("Result")
# What is raised where the user's input is at fault.
MISTAKES = (ValueError, OSError, HydraException, OmegaConfBaseException)
# Of warnings about boxes, which may be as many as there are photos.
WARNINGS_SHOWN = 20


def explain_mistakes(command: Callable[[DictConfig], Result]) -> Callable[[DictConfig], Result]:
    """End a command with one line instead of a traceback where the user's input is at fault.

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
    """Print an error in one line and end the process."""
    print(f"error: {reason_of(error)}", file=sys.stderr)
    sys.exit(1)


def print_warnings(warnings: Iterable[str]) -> None:
    """Print each warning once, as a line on stderr; of very many the first are shown, and how many more there are."""
    different = list(dict.fromkeys(warnings))
    for warning in different[:WARNINGS_SHOWN]:
        print(f"warning: {warning}", file=sys.stderr)
    if len(different) > WARNINGS_SHOWN:
        print(f"warning: and {len(different) - WARNINGS_SHOWN} more of this kind", file=sys.stderr)


def check_complete(cfg: DictConfig) -> None:
    """Check that nothing is left out that must be given.

    Raises:
        ValueError: If something is; it names all of it.
    """
    missing = sorted(OmegaConf.missing_keys(cfg))
    if missing:
        raise ValueError(f"{', '.join(missing)} must be given: type {missing[0]}=VALUE")


def reason_of(error: BaseException) -> str:
    """Return the message of an error, or of the one that Hydra wrapped while building an object, in one line.

    The messages of mistakes stand for themselves; those of other errors need their type, as in ``KeyError: 'image'``.
    """
    while isinstance(error, HydraException) and error.__cause__ is not None:
        error = error.__cause__
    message = " ".join(str(error).split())
    if message and isinstance(error, MISTAKES):
        return message
    return f"{type(error).__name__}: {message}".removesuffix(": ")
