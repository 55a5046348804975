import numpy as np
import pytest

from analysis.clustering.result import ClusteringResult, renumber


def test_clusters_are_numbered_by_size_then_by_first_index():
    assert renumber([7, -1, 3, 9, 3, 9, -5, 9, 7]).tolist() == [1, -1, 2, 0, 2, 0, -1, 0, 1]


def test_renumber_keeps_a_numbered_labelling_and_an_empty_one():
    numbered = renumber([4, 4, 2, 2, 2, -1])
    assert renumber(numbered).tolist() == numbered.tolist() == [1, 1, 0, 0, 0, -1]
    assert renumber([]).tolist() == []


def test_from_raw_clears_what_items_in_no_cluster_cannot_have():
    result = ClusteringResult.from_raw([5, -1, 5], passes=[2, 2, 1], confidence=[1.7, 0.4, -0.1])
    assert result.labels.tolist() == [0, -1, 0]
    assert result.passes.tolist() == [2, 0, 1]
    assert result.confidence.tolist() == [1.0, 0.0, 0.0]
    assert result.num_clusters == 1
    assert [result.labels.dtype, result.passes.dtype, result.confidence.dtype] == [np.int64, np.int8, np.float32]


@pytest.mark.parametrize(
    ("labels", "passes", "confidence", "message"),
    [
        ([1, 1, 0], [1, 1, 1], [1, 1, 1], "decreasing size"),
        ([0, 0, -1], [1, 1, 1], [1, 1, 0], "exactly where"),
        ([0, 0, -1], [1, 3, 0], [1, 1, 0], "0, 1 or 2"),
        ([0, 0, -1], [1, 1, 0], [1, float("nan"), 0], "confidence"),
        ([0, 0, -1], [1, 1], [1, 1, 0], "passes must be int8"),
    ],
)
def test_arrays_that_describe_no_grouping_are_refused(labels, passes, confidence, message):
    with pytest.raises(ValueError, match=message):
        ClusteringResult(np.array(labels, np.int64), np.array(passes, np.int8), np.array(confidence, np.float32))


def test_labels_of_another_type_are_refused():
    with pytest.raises(ValueError, match="labels must be int64"):
        ClusteringResult(np.zeros(1, np.int32), np.ones(1, np.int8), np.ones(1, np.float32))
