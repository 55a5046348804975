"""Mistakes in what a user typed end in one line that says what to type instead."""

import functools
import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVar

from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from scripts.cli.arguments.literal import asked_for
from scripts.cli.arguments.types import check_types
from scripts.cli.stopping import raise_stop_behind

Result = TypeVar("Result")
# What is raised where the user's input is at fault.
MISTAKES = (ValueError, OSError, HydraException, OmegaConfBaseException)
# Where set, start() wants mistakes explained although Hydra was told to raise; processes of a training inherit both.
EXPLAINED = "PACKED_SCENES_EXPLAINED"
# Of a call with an option that the class that is built does not take, or without one that it needs.
WRONG_OPTION = re.compile(r"unexpected keyword argument|missing \d+ required")
# Of warnings about boxes, which may be as many as there are photos.
WARNINGS_SHOWN = 20


def explain_mistakes(command: Callable[[DictConfig], Result]) -> Callable[[DictConfig], Result]:
    """End a command with one line instead of a traceback where the user's input is at fault.

    HYDRA_FULL_ERROR=1 shows the traceback; any other error keeps its own.
    """

    @functools.wraps(command)
    def explained(cfg: DictConfig) -> Result:
        try:
            check_values(cfg)
            return command(cfg)
        except Exception as error:
            if tracebacks_wanted() or not is_mistake(error):
                raise
            end_with(error)

    return explained


def tracebacks_wanted() -> bool:
    """Return whether the user asked for tracebacks of mistakes too."""
    return os.environ.get("HYDRA_FULL_ERROR") == "1" and EXPLAINED not in os.environ


def is_mistake(error: BaseException) -> bool:
    """Return whether the user's input is at fault, as far as the kind of an error tells."""
    cause = _cause_of(error)
    if type(cause).__name__ == "MisconfigurationException" or (cause is error and isinstance(cause, HydraException)):
        return True
    if isinstance(cause, TypeError) and cause is not error:
        return WRONG_OPTION.search(str(cause)) is not None
    return isinstance(cause, MISTAKES)


def end_with(error: BaseException) -> NoReturn:
    """Print an error in one line and end the process."""
    raise_stop_behind(error)
    print(f"error: {reason_of(error)}", file=sys.stderr)
    sys.exit(1)


def print_warnings(warnings: Iterable[str]) -> None:
    """Print each warning once, as a line on stderr; of very many the first are shown, and how many more there are."""
    different = list(dict.fromkeys(warnings))
    for warning in different[:WARNINGS_SHOWN]:
        print(f"warning: {warning}", file=sys.stderr)
    if len(different) > WARNINGS_SHOWN:
        print(f"warning: and {len(different) - WARNINGS_SHOWN} more of this kind", file=sys.stderr)


def check_values(cfg: DictConfig) -> None:
    """Check that nothing is left out that must be given, and that numbers are numbers.

    Raises:
        ValueError: If something is; it names all of it.
    """
    check_types()
    missing = sorted(OmegaConf.missing_keys(cfg))
    if missing:
        raise ValueError(f"{', '.join(missing)} must be given: type {asked_for(missing[0])}")


def reason_of(error: BaseException) -> str:
    """Return the message of an error, or of the one that Hydra wrapped while building an object, in one line.

    The messages of mistakes stand for themselves; those of other errors need their type, as in ``KeyError: 'image'``.
    """
    error = _cause_of(error)
    message = " ".join(str(error).split())
    if message and is_mistake(error):
        return message
    return f"{type(error).__name__}: {message}".removesuffix(": ")


def _cause_of(error: BaseException) -> BaseException:
    """Return the error that Hydra wrapped while building an object, or the error itself."""
    while isinstance(error, HydraException) and error.__cause__ is not None:
        error = error.__cause__
    return error
