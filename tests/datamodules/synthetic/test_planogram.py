from itertools import pairwise

import numpy as np
import pytest

from datamodules.synthetic.packages.catalogue import make_catalogue
from datamodules.synthetic.planogram import Planner, choose_unseen


def counts_of_training(num_photos: int) -> tuple[np.ndarray, Planner]:
    catalogue = make_catalogue(0)
    planner = Planner(catalogue, 0.3, np.random.default_rng(0))
    counts = np.zeros(len(catalogue.products), int)
    seen = [label for label in range(len(counts)) if label not in planner.unseen]
    for number in range(num_photos):
        for row in planner.plan("train", seen[number::num_photos], 1792, 1344).rows:
            for block in row:
                counts[block.product] += block.facings * block.levels
    return counts, planner


def test_training_counts_have_a_long_tail_and_no_unseen_product() -> None:
    counts, planner = counts_of_training(40)
    seen = np.delete(counts, sorted(planner.unseen))
    assert seen.min() > 0
    assert seen.max() > 4 * np.median(seen)
    assert counts[sorted(planner.unseen)].sum() == 0


def test_unseen_are_whole_brands_and_single_variants() -> None:
    catalogue = make_catalogue(0)
    unseen = choose_unseen(catalogue, 0.3, np.random.default_rng(0))
    shares = [np.mean([label in unseen for label in catalogue.of_brand(b)]) for b in range(len(catalogue.brands))]
    assert len(unseen) == round(0.3 * len(catalogue.products))
    assert 1.0 in shares
    assert any(0 < share < 1 for share in shares)


def test_no_unseen_products_on_request() -> None:
    assert choose_unseen(make_catalogue(0, 4), 0.0, np.random.default_rng(0)) == frozenset()


@pytest.mark.parametrize("fraction", [-0.1, 0.8])
def test_bad_fraction_is_named(fraction: float) -> None:
    with pytest.raises(ValueError, match=f"unseen_fraction must be 0 to 0.7, got {fraction}"):
        choose_unseen(make_catalogue(0, 4), fraction, np.random.default_rng(0))


def test_look_alikes_stand_next_to_each_other() -> None:
    catalogue = make_catalogue(0)
    plan = Planner(catalogue, 0.3, np.random.default_rng(0)).plan("train", [], 1792, 1344)
    brands = [[catalogue.products[block.product].brand for block in row] for row in plan.rows]
    neighbours = [a == b for row in brands for a, b in pairwise(row)]
    assert np.mean(neighbours) > 0.25
