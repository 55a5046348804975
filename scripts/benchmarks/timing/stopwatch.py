"""Where the time goes: seconds by part, each part without those inside it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Returned = TypeVar("Returned")


class Stopwatch:
    """Times functions that call one another; what an inner one takes is not counted for the outer one.

    `seconds` holds the sum of each part. Meant for one thread.
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        # Seconds of the timed functions inside each one that runs, outermost first.
        self._inside: list[float] = []
        self._closed = False

    def timed(
        self, part: str, function: Callable[Arguments, Returned], whole: bool = False
    ) -> Callable[Arguments, Returned]:
        """Return the function, timed as this part; `whole` counts everything inside it for the part too."""

        # With the function's attributes: torch's schedules look for one at an optimizer's step.
        @wraps(function)
        def run(*arguments: Arguments.args, **options: Arguments.kwargs) -> Returned:
            if self._closed:
                return function(*arguments, **options)
            self._inside.append(0.0)
            self._closed = whole
            start = time.perf_counter()
            try:
                return function(*arguments, **options)
            finally:
                taken = time.perf_counter() - start
                self._closed = False
                self.seconds[part] += taken - self._inside.pop()
                if self._inside:
                    self._inside[-1] += taken

        return run

    def time_method(self, part: str, owner: object, name: str, whole: bool = False) -> None:
        """Time a method of this one object from now on."""
        setattr(owner, name, self.timed(part, getattr(owner, name), whole))

    def take(self) -> dict[str, float]:
        """Return the seconds since the last time, and begin again at 0."""
        taken, self.seconds = dict(self.seconds), defaultdict(float)
        return taken
