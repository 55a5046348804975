"""Ctrl-C and SIGTERM end a command in one line that says how to go on, and with the code that a shell expects."""

import functools
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig

NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}
LAST = Path("checkpoints/last.ckpt")
# A shell tells by it that a signal ended a command, and by the rest which.
SIGNALLED = 128
# Seconds until it is looked again whether an import has ended.
IMPORT_WAIT = 0.1


class Stopped(SystemExit):
    """What is raised where a signal arrives; no failure, so that a sweep does not go on with its next run.

    Attributes:
        advice: How to go on.
    """

    def __init__(self, signum: int) -> None:
        super().__init__(SIGNALLED + signum)
        self.signum = signal.Signals(signum)
        self.advice = ""


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """End the process where one of the signals arrives, with one line."""
    for signum in NAMES:
        # Who starts a command in the background of a script tells it to leave Ctrl-C alone.
        if signal.getsignal(signum) is not signal.SIG_IGN:
            signal.signal(signum, _stop)
    try:
        yield
    except BaseException as error:
        stopped = _stop_behind(error)
        if stopped is None:
            raise
        # Of several processes of one training the first speaks.
        if os.environ.get("LOCAL_RANK", "0") == "0":
            print(f"stopped by {NAMES[stopped.signum]}{stopped.advice}", file=sys.stderr)
        sys.exit(stopped.code)


def raise_stop_behind(error: BaseException) -> None:
    """Raise the stop that an error came of, if it did: what is stopped in the middle may fail while it tidies up."""
    stopped = _stop_behind(error)
    if stopped is not None:
        raise stopped


def says_how_to_go_on(command: Callable[[DictConfig], float]) -> Callable[[DictConfig], float]:
    """Make a training that is stopped say what to type to go on with it."""

    @functools.wraps(command)
    def training(cfg: DictConfig) -> float:
        try:
            return command(cfg)
        except Stopped as stopped:
            stopped.advice = f"; {_advice(cfg)}"
            raise

    return training


def _stop_behind(error: BaseException | None) -> Stopped | None:
    """Return the stop in what an error came of, or was raised in the handling of."""
    if error is None or isinstance(error, Stopped):
        return error
    other = None if error.__cause__ is error.__context__ else error.__cause__
    return _stop_behind(error.__context__) or _stop_behind(other)


def _stop(signum: int, frame: FrameType | None) -> None:
    # A second one ends the process at once.
    signal.signal(signum, signal.SIG_DFL)
    if _imports(frame):
        # A module that is loaded by half fails in ways of its own, which hide why.
        signal.signal(signal.SIGALRM, lambda _, later: _stop(signum, later))
        signal.setitimer(signal.ITIMER_REAL, IMPORT_WAIT)
        return
    raise Stopped(signum)


def _imports(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _advice(cfg: DictConfig) -> str:
    hydra = HydraConfig.get()
    if hydra.mode == RunMode.MULTIRUN:
        folder = shlex.quote(f"hydra.sweep.dir={hydra.sweep.dir}")
        return f"to run what is not finished, type the same command with {folder}"
    kept = Path(cfg.output_dir) / LAST
    if not kept.is_file():
        return "no epoch of it was kept, so type the same command again"
    return f"go on with: python train.py {shlex.quote(f'resume={kept}')}"
