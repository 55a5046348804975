import numpy as np

from analysis.clustering.identical import join_identical

ROWS = np.array([[1.0], [2.0], [1.0], [3.0], [1.0], [-0.0], [0.0]])


def test_rows_follow_the_cluster_that_holds_most_of_them():
    # Rows 0, 2 and 4 are equal; row 1 is left alone in cluster 0; the zeros open a cluster.
    assert join_identical(ROWS, np.array([0, 0, 1, 1, 1, -1, -1])).tolist() == [1, -1, 1, 1, 1, 2, 2]


def test_different_rows_keep_their_labels():
    labels = np.array([0, 0, -1, 1, 1])
    assert join_identical(np.arange(5.0)[:, None], labels).tolist() == labels.tolist()
    assert join_identical(np.zeros((0, 3)), np.zeros(0, np.int64)).tolist() == []
