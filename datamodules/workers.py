"""Work handed out to processes that end with the one that started them, without a word."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process, resource_tracker
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def mapped(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    processes: int,
    at_once: int = 1,
    prepare: Callable[[], object] | None = None,
    start: str | None = None,
) -> Iterator[Iterator[Result]]:
    """Give the results of all items in their order, from so many processes.

    Args:
        work: What is done with an item.
        items: The items.
        processes: How many processes, at least 1.
        at_once: Items that are handed to a process together.
        prepare: Called once in each process.
        start: How the processes are started: spawn, fork, or None for the system's own way.
    """
    with ProcessPoolExecutor(processes, get_context(start), _prepared, (prepare,)) as pool:
        try:
            with _interrupts_held():
                results = pool.map(work, items, chunksize=at_once)
            yield results
        except Exception:
            raise
        except BaseException:
            # Who wants to stop does not wait for what was handed out.
            for child in active_children():
                child.terminate()
            raise


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while processes are started: they inherit that, and only the one that started them answers."""
    # Starting it lets signals through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepared(prepare: Callable[[], object] | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # The processes of a pool wait for work forever when the one that started them is killed.
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if prepare is not None:
        prepare()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
