import numpy as np
import pytest

from analysis.labels import as_singletons, rows_by_label


def test_each_negative_label_becomes_its_own():
    own = as_singletons([3, -1, 0, 3, -1, -7])
    assert own[0] == own[3] == 3
    assert own[2] == 0
    assert len(set(own.tolist())) == 5
    assert (own >= 0).all()
    assert as_singletons([]).tolist() == []


def test_labels_handed_in_stay_as_they_are():
    labels = np.array([-1, 0, -1])
    as_singletons(labels)
    assert labels.tolist() == [-1, 0, -1]


@pytest.mark.parametrize("labels", [[], [4], [2, 2, 2], [3, -1, 0, 3, -1], ["b", "a", "b"]])
def test_rows_of_each_label_are_those_that_hold_it(labels):
    groups = rows_by_label(np.array(labels))
    assert [rows.tolist() for rows in groups] == [
        [row for row, label in enumerate(labels) if label == wanted] for wanted in sorted(set(labels))
    ]
