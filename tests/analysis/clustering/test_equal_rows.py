"""Equal rows are one product, and are found by a key, whatever the key."""

import numpy as np
import pytest

from analysis.clustering import equal_rows as module
from analysis.clustering.equal_rows import distinct_rows, join_equal_rows

ROWS = np.array([[1.0], [2.0], [1.0], [3.0], [1.0], [-0.0], [0.0]])


def test_rows_follow_the_cluster_that_holds_most_of_them():
    # Rows 0, 2 and 4 are equal; row 1 is left alone in cluster 0; the zeros open a cluster.
    assert join_equal_rows(ROWS, np.array([0, 0, 1, 1, 1, -1, -1])).tolist() == [1, -1, 1, 1, 1, 2, 2]


def test_different_rows_keep_their_labels():
    labels = np.array([0, 0, -1, 1, 1])
    assert join_equal_rows(np.arange(5.0)[:, None], labels).tolist() == labels.tolist()
    assert join_equal_rows(np.zeros((0, 3)), np.zeros(0, np.int64)).tolist() == []


@pytest.mark.parametrize("worst_key", [False, True])
@pytest.mark.parametrize("num_rows", [0, 1, 2, 5000])
def test_equal_rows_are_one_and_others_are_not(num_rows, worst_key, monkeypatch):
    if worst_key:
        monkeypatch.setattr(module, "_keys", lambda rows: np.zeros(len(rows), dtype=np.uint64))
    rows = np.random.default_rng(0).integers(-3, 4, size=(num_rows, 4)) * 0.25
    rows[rows == 0] *= np.where(np.arange((rows == 0).sum()) % 2, 1.0, -1.0)
    first, inverse = distinct_rows(np.asfortranarray(rows))
    assert np.array_equal(rows[first[inverse]], rows)
    assert len(first) == len({tuple(row) for row in rows})
    assert [np.flatnonzero(inverse == index)[0] for index in range(len(first))] == first.tolist()
    assert (np.diff(first) > 0).all()


@pytest.mark.parametrize("num_rows", [2, 700])
def test_rows_of_round_numbers_have_keys_of_their_own(num_rows):
    for rows in (np.eye(num_rows), -0.5 * np.eye(num_rows), np.tri(num_rows)):
        assert len(np.unique(module._keys(rows))) == num_rows
