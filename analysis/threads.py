"""Work on several cores at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from threadpoolctl import ThreadpoolController


def for_each(work: Callable[[int], None], items: Sequence[int]) -> None:
    """Call the work on every item, on as many threads as the linear algebra library (BLAS) may use.

    One matrix product that is spread over all cores leaves them idle in the steps between the products, and waits for
    the slowest core each time, which takes many times as long when others use the cores too. Here every thread
    computes products of its own, each on one core.

    Args:
        work: Is called from several threads, so what it writes must belong to its item; NumPy or shapely must do most
            of it.
        items: What it is called on.
    """
    num_threads = min(_num_threads(), len(items))
    with _controller().limit(limits=1, user_api="blas"):
        if num_threads < 2:
            for item in items:
                work(item)
            return
        with ThreadPoolExecutor(num_threads) as pool:
            # The list waits for all of them, and raises what one of them raised.
            list(pool.map(work, items))


def _num_threads() -> int:
    return max((library.num_threads for library in _controller().select(user_api="blas").lib_controllers), default=1)


@cache
def _controller() -> ThreadpoolController:
    # Searching the process for its libraries takes a millisecond.
    return ThreadpoolController()
