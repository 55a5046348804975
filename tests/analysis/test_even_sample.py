import numpy as np
import pytest

from analysis.even_sample import even_sample


@pytest.mark.parametrize(
    ("num_rows", "count", "expected"),
    [(0, 3, []), (1, 3, [0]), (3, 3, [0, 1, 2]), (2, 9, [0, 1]), (10, 1, [0]), (10, 4, [0, 3, 6, 9]), (5, 0, [])],
)
def test_first_last_and_even_steps(num_rows, count, expected):
    assert even_sample(num_rows, count).tolist() == expected


@pytest.mark.parametrize("num_rows", [7, 100, 12_345])
def test_as_many_as_wanted_and_none_twice(num_rows):
    for count in range(1, min(num_rows, 200)):
        chosen = even_sample(num_rows, count)
        assert len(chosen) == count
        assert np.ptp(np.diff(chosen)) <= 1 if count > 2 else True
