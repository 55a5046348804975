import subprocess
import sys

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from analysis.measures.grouping import grouping_measures


def groupings(num_items, num_products, num_clusters, seed):
    generator = np.random.default_rng(seed)
    # Sizes from one to many.
    products = (num_products * generator.random(num_items) ** 2).astype(int)
    noisy = generator.random(num_items) < 0.3
    return products, np.where(noisy, generator.integers(0, num_clusters, num_items), products)


@pytest.mark.filterwarnings("ignore:The number of unique classes")
@pytest.mark.parametrize("num_items", [2, 3, 7, 60, 600, 3000])
@pytest.mark.parametrize(("num_products", "num_clusters"), [(1, 2), (2, 1), (5, 9), (40, 10), (1000, 1000)])
def test_adjusted_scores_are_those_of_sklearn(num_items, num_products, num_clusters):
    for seed in range(3):
        truth, predicted = groupings(num_items, num_products, num_clusters, seed)
        measures = grouping_measures(truth, predicted)
        assert measures["ari"] == pytest.approx(adjusted_rand_score(truth, predicted), abs=1e-9)
        assert measures["ami"] == pytest.approx(adjusted_mutual_info_score(truth, predicted), abs=1e-9)


@pytest.mark.parametrize(
    "truth", [[0], [3, 3], [1, 2], list(range(50)), [0] * 50, [0] * 30 + list(range(1, 21))], ids=len
)
def test_equal_groupings_score_one(truth):
    measures = grouping_measures(truth, [7 - label for label in truth] if max(truth) < 7 else truth)
    assert (measures["ari"], measures["ami"]) == (1, 1)


def test_single_items_against_one_cluster_score_nothing():
    for truth, predicted in (([0] * 9, list(range(9))), (list(range(9)), [0] * 9)):
        measures = grouping_measures(truth, predicted)
        assert (measures["ari"], measures["ami"]) == (0, 0)


def test_measuring_does_not_load_sklearn():
    code = "import sys; from analysis.measures.grouping import grouping_measures as m; m([0, 0, 1], [0, 1, 1])"
    subprocess.run([sys.executable, "-c", f"{code}; sys.exit('sklearn' in sys.modules)"], check=True)
