"""Time and memory of a piece of work in a process of its own."""

from __future__ import annotations

import json
import os
import platform
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[3]
STATUS, CLEAR_REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")
# What a method's preparation hands over: the work itself, and how its result is judged.
Job = tuple[Callable[[], object], Callable[..., dict[str, float]]]


@dataclass(frozen=True)
class Measurement:
    """What one process measured.

    Attributes:
        seconds: Median time of the work.
        megabytes: Highest memory of the process, above what it had when the data and the libraries were loaded.
        scores: The result's quality.
    """

    seconds: float
    megabytes: float
    scores: dict[str, float]


def measure(prepare: str, repeats: int, **arguments: object) -> Measurement:
    """Do the work in a fresh process, so that no method profits from another's memory or imports.

    Args:
        prepare: "module:function" of a function that takes the arguments and returns a job.
        repeats: How often the work is done.
        arguments: Anything that JSON can hold.

    Raises:
        ValueError: If the process fails, with the last line of what it said.
    """
    order = json.dumps({"prepare": prepare, "repeats": repeats, "arguments": arguments})
    command = [sys.executable, "-W", "ignore", "-m", "scripts.benchmarks.timing.measure", order]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["killed"])[-1]
        raise ValueError(f"{prepare} with {arguments} ended with code {done.returncode}: {reason}")
    return Measurement(**json.loads(done.stdout.strip().splitlines()[-1]))


def time_command(command: list[str], repeats: int) -> float:
    """Return the median time of a command, run once before to fill the disk's cache.

    Raises:
        ValueError: If the command fails, with the last line of what it said.
    """
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        times.append(time.perf_counter() - start)
        if done.returncode != 0:
            raise ValueError(f"{' '.join(command)} failed: {(done.stderr.strip().splitlines() or ['killed'])[-1]}")
    return median(times[1:])


def machine() -> str:
    """Return a few words about the machine."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def _work(prepare: str, repeats: int, arguments: dict[str, object]) -> Measurement:
    module, function = prepare.split(":")
    work, score = getattr(import_module(module), function)(**arguments)
    _forget_peak()
    before, times = _peak_megabytes(), []
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    after = _peak_megabytes()
    return Measurement(median(times), after - before, score(result))


def _peak_megabytes() -> float:
    """Return the highest memory since `_forget_peak` where the system knows it, else since the process began."""
    if STATUS.exists():
        return int(re.findall(r"VmHWM:\s+(\d+)", STATUS.read_text())[0]) / 2**10
    # Linux counts kilobytes here, macOS bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _forget_peak() -> None:
    """Make Linux count the highest memory anew: what loading took and gave back would hide as much of the work's."""
    if CLEAR_REFS.exists():
        CLEAR_REFS.write_text("5")


if __name__ == "__main__":
    print(json.dumps(vars(_work(**json.loads(sys.argv[1])))))
