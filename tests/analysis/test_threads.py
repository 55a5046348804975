"""Work on several cores: every item once, and a failure is not lost."""

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from analysis.clustering.distance import normalize_rows
from analysis.clustering.linkage.knn import BLOCK_ROWS, knn_candidates
from analysis.threads import for_each


def blas_threads():
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


@pytest.mark.parametrize("num_items", [0, 1, 2, 500])
def test_every_item_is_worked_on_once_with_one_thread_each(num_items):
    before, calls, seen = blas_threads(), np.zeros(num_items, dtype=int), []

    def work(item):
        calls[item] += 1
        seen.extend(blas_threads())

    for_each(work, range(num_items))
    assert (calls == 1).all()
    assert set(seen) <= {1}
    assert blas_threads() == before


def test_what_an_item_raises_is_raised():
    before = blas_threads()
    with pytest.raises(ZeroDivisionError):
        for_each(lambda item: 1 / (item - 3), range(5))
    assert blas_threads() == before


def test_the_number_of_threads_does_not_matter():
    columns = normalize_rows(np.random.default_rng(0).normal(size=(5 * BLOCK_ROWS, 8))).astype(np.float32)
    found = []
    for num_threads in (1, 2, 3):
        with threadpool_limits(num_threads, user_api="blas"):
            found.append(knn_candidates(columns, columns, np.arange(len(columns)), 4))
    for other in found[1:]:
        assert np.array_equal(other[0], found[0][0])
        assert np.array_equal(other[1], found[0][1])
