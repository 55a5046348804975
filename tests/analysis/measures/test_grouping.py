import math

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, pair_confusion_matrix

from analysis.labels import as_singletons
from analysis.measures.agreement import bcubed
from analysis.measures.grouping import grouping_measures, mean_measures


def random_labels(seed, count=40):
    generator = np.random.default_rng(seed)
    return generator.integers(-1, 8, size=count), generator.integers(-1, 6, size=count)


def slow_bcubed(truth, predicted):
    """Measure item by item, as the definition reads."""
    precision, recall = [], []
    for item in range(len(truth)):
        cluster = [other for other in range(len(truth)) if predicted[other] == predicted[item]]
        product = [other for other in range(len(truth)) if truth[other] == truth[item]]
        right = len(set(cluster) & set(product))
        precision.append(right / len(cluster))
        recall.append(right / len(product))
    precision, recall = sum(precision) / len(truth), sum(recall) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize("seed", range(5))
def test_measures_equal_their_oracles(seed):
    truth, predicted = random_labels(seed)
    own_truth, own_predicted = as_singletons(truth), as_singletons(predicted)
    measures = grouping_measures(truth, predicted)
    names = ("bcubed_precision", "bcubed_recall", "bcubed_f")
    expected = slow_bcubed(own_truth, own_predicted)
    assert [measures[name] for name in names] == pytest.approx(expected)
    assert bcubed(truth, predicted) == pytest.approx(expected)
    (_, claimed_wrongly), (missed, right) = pair_confusion_matrix(own_truth, own_predicted)
    assert measures["pairwise_precision"] == pytest.approx(right / (right + claimed_wrongly))
    assert measures["pairwise_recall"] == pytest.approx(right / (right + missed))
    assert measures["pairwise_f"] == pytest.approx(2 * right / (2 * right + claimed_wrongly + missed))
    assert measures["ari"] == pytest.approx(adjusted_rand_score(own_truth, own_predicted))
    assert measures["ami"] == pytest.approx(adjusted_mutual_info_score(own_truth, own_predicted))


def test_counts_and_singletons_of_a_known_photo():
    truth = [0, 0, 1, 2, 3, -1]
    predicted = [0, 0, -1, 1, 1, 7]
    measures = grouping_measures(truth, predicted)
    # Four products have one item; those of items 2 and 5 are left alone.
    assert measures["singleton_recall"] == 0.5
    assert (measures["num_clusters"], measures["num_products"]) == (4, 5)
    assert measures["cluster_count_error"] == pytest.approx(-0.2)


@pytest.mark.parametrize("seed", range(3))
def test_order_and_names_do_not_matter(seed):
    truth, predicted = random_labels(seed)
    generator = np.random.default_rng(seed)
    order, names = generator.permutation(len(truth)), generator.permutation(10)
    renamed = np.where(predicted[order] < 0, -1, names[predicted[order]])
    assert grouping_measures(truth[order], renamed) == pytest.approx(grouping_measures(truth, predicted))


def test_exchanging_truth_and_prediction_exchanges_precision_and_recall():
    truth, predicted = random_labels(9)
    assert bcubed(truth, predicted)[:2] == pytest.approx(bcubed(predicted, truth)[1::-1])
    forth, back = grouping_measures(truth, predicted), grouping_measures(predicted, truth)
    assert forth["pairwise_precision"] == pytest.approx(back["pairwise_recall"])
    assert forth["pairwise_recall"] == pytest.approx(back["pairwise_precision"])


def test_a_subset_is_scored_by_itself_but_alone_means_alone_in_the_photo():
    truth, predicted = np.array([0, 0, 1, 1, 2, 3]), np.array([0, 0, 1, 0, 2, 1])
    subset = np.array([False, True, True, True, True, True])
    measures = grouping_measures(truth, predicted, subset)
    by_itself = grouping_measures(truth[subset], predicted[subset])
    assert measures["bcubed_f"] == by_itself["bcubed_f"] != grouping_measures(truth, predicted)["bcubed_f"]
    # Item 1 is the only one of its product in the subset, not in the photo.
    assert (measures["singleton_recall"], by_itself["singleton_recall"]) == (0.5, pytest.approx(1 / 3))


@pytest.mark.parametrize("labels", [[0], [-1], [0, 0, 0], [-1, -1, -1], [0, 1, 2, 2]])
def test_a_perfect_grouping_scores_one(labels):
    measures = grouping_measures(labels, labels)
    for name in ("ari", "ami", "bcubed_precision", "bcubed_recall", "bcubed_f", "pairwise_f"):
        assert measures[name] == pytest.approx(1)
    assert measures["cluster_count_error"] == 0
    assert measures["singleton_recall"] == 1 or (math.isnan(measures["singleton_recall"]) and labels == [0, 0, 0])


def test_many_products_of_one_item_raise_no_warning():
    # scikit-learn takes so many classes for a regression; warnings are errors here.
    truth = np.arange(60) // 2
    measures = grouping_measures(truth, np.where(np.arange(60) % 3, truth, -1))
    assert 0 < measures["ami"] < measures["bcubed_f"] < 1


def test_all_in_one_and_all_alone_are_defined():
    apart, together = np.arange(6), np.zeros(6, int)
    merged, split = grouping_measures(apart, together), grouping_measures(together, apart)
    assert (merged["bcubed_precision"], merged["bcubed_recall"]) == pytest.approx((1 / 6, 1))
    assert (split["bcubed_precision"], split["bcubed_recall"]) == pytest.approx((1, 1 / 6))
    assert merged["pairwise_f"] == split["pairwise_f"] == merged["singleton_recall"] == 0
    assert [merged[name] for name in ("ari", "ami")] == [split[name] for name in ("ari", "ami")] == [0, 0]
    assert math.isnan(merged["pairwise_recall"])
    assert math.isnan(split["pairwise_precision"])
    assert (merged["cluster_count_error"], split["cluster_count_error"]) == pytest.approx((-5 / 6, 5))


def test_mean_leaves_out_photos_on_which_a_measure_is_undefined():
    nan = float("nan")
    photos = [{"f": 1.0, "g": nan, "h": nan}, {"f": 0.0, "g": 0.25, "h": nan}]
    mean = mean_measures(photos)
    assert (mean["f"], mean["g"]) == (0.5, 0.25)
    assert math.isnan(mean["h"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], []), "at least one item"),
        (([0, 1], [0]), r"\(2,\) and \(1,\)"),
        (([0, 1], [0, 1], [False, False]), "subset must choose"),
        (([0, 1], [0, 1], [0, 1]), "bool mask"),
    ],
)
def test_nothing_to_score_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        grouping_measures(*arguments)


def test_mean_of_nothing_or_of_different_measures_is_refused():
    with pytest.raises(ValueError, match="at least one photo"):
        mean_measures([])
    with pytest.raises(ValueError, match="same keys"):
        mean_measures([{"f": 1.0}, {"g": 1.0}])
