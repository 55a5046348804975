"""Equal rows are found by a key, whatever the key."""

import numpy as np
import pytest

from analysis.clustering.linkage import distinct_rows as module
from analysis.clustering.linkage.distinct_rows import distinct_rows


@pytest.mark.parametrize("worst_key", [False, True])
@pytest.mark.parametrize("num_rows", [1, 2, 5000])
def test_equal_rows_are_one_and_others_are_not(num_rows, worst_key, monkeypatch):
    if worst_key:
        monkeypatch.setattr(module, "_keys", lambda rows: np.zeros(len(rows), dtype=np.uint64))
    rows = np.random.default_rng(0).integers(-3, 4, size=(num_rows, 4)) * 0.25
    rows[rows == 0] *= np.where(np.arange((rows == 0).sum()) % 2, 1.0, -1.0)
    distinct, inverse = distinct_rows(np.asfortranarray(rows))
    assert np.array_equal(distinct[inverse], rows)
    assert len(distinct) == len({tuple(row) for row in rows})
    assert (np.diff([np.flatnonzero(inverse == index)[0] for index in range(len(distinct))]) > 0).all()


@pytest.mark.parametrize("num_rows", [2, 700])
def test_rows_of_round_numbers_have_keys_of_their_own(num_rows):
    for rows in (np.eye(num_rows), -0.5 * np.eye(num_rows), np.tri(num_rows)):
        assert len(np.unique(module._keys(rows))) == num_rows
