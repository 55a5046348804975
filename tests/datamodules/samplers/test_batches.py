import numpy as np
import pytest

from datamodules.samplers.batches import SAMPLERS, ClassBatches, WeightedBatches, check_sampling, training_batches

LABELS = np.array([2, 0, 1, 1, 0, 2, 2, 2, 0, 3])


def batches(sampler, labels=LABELS, batch_size=4, crops_per_class=2):
    return list(training_batches(sampler, labels, batch_size, crops_per_class))


def epoch_of(sampler, epoch):
    sampler.set_epoch(epoch)
    return list(sampler)


def test_shuffled_batches_hold_every_row_once():
    drawn = batches("shuffled")
    assert [len(batch) for batch in drawn] == [4, 4, 2]
    assert sorted(np.concatenate(drawn)) == list(range(10))


def test_fixed_batches_are_the_same_in_every_epoch():
    sampler = training_batches("fixed", LABELS, 4, 2)
    first, second = (np.concatenate(epoch_of(sampler, epoch)) for epoch in (0, 1))
    np.testing.assert_array_equal(first, second)
    assert sorted(first) == list(range(10))


def test_balanced_batches_hold_every_product_about_equally_often():
    labels = np.repeat([0, 1, 2], [1800, 150, 50])
    counts = np.bincount(labels[np.concatenate(batches("balanced", labels, batch_size=100))])
    assert counts.sum() == 2000
    assert counts.min() > 580


@pytest.mark.parametrize(("power", "shares"), [(0, [1 / 3] * 3), (0.5, [10 / 16, 5 / 16, 1 / 16]), (1, [100, 25, 1])])
def test_products_are_drawn_by_the_power_of_their_size(power, shares):
    labels = np.repeat([0, 1, 2], [1600, 400, 16])
    rows = np.concatenate(
        [batch for epoch in range(20) for batch in epoch_of(WeightedBatches(labels, 100, power), epoch)]
    )
    drawn = np.bincount(labels[rows]) / len(rows)
    np.testing.assert_allclose(drawn, np.array(shares) / sum(shares), atol=0.01)


def test_class_batches_hold_few_products_and_as_many_crops_of_each():
    drawn = batches("classes")
    assert len(drawn) == 3
    for batch in drawn:
        products, counts = np.unique(LABELS[batch], return_counts=True)
        assert len(products) == 2
        assert set(counts) == {2}


def test_class_batches_repeat_a_crop_only_where_a_product_has_too_few():
    for batch in batches("classes", batch_size=16, crops_per_class=4):
        for product in range(4):
            rows = [row for row in batch if LABELS[row] == product]
            assert len(rows) == 4
            assert set(rows) == {index for index, label in enumerate(LABELS) if label == product}


def test_class_batches_draw_products_evenly_and_leave_no_crop_out_for_long():
    labels = np.repeat([0, 1, 2, 3], [900, 60, 30, 10])
    sampler = ClassBatches(labels, 2, 5)
    assert len(sampler) == 100
    rows = np.concatenate([batch for epoch in range(20) for batch in epoch_of(sampler, epoch)])
    assert len(rows) == 20_000
    assert np.bincount(labels[rows]).min() > 0.22 * len(rows)
    assert len(np.unique(rows)) > 980


@pytest.mark.parametrize("labels", [[0], [0, 1], [0, 0, 0]])
def test_class_batches_of_hardly_anything(labels):
    for batch in batches("classes", np.array(labels)):
        assert set(batch) <= set(range(len(labels)))
        assert len(batch) == 2 * min(2, len(set(labels)))


@pytest.mark.parametrize("name", [name for name in SAMPLERS if name != "fixed"])
def test_batches_follow_seed_and_epoch_and_nothing_else(name):
    def drawn(seed, epoch):
        return np.concatenate(epoch_of(training_batches(name, LABELS, 4, 2, seed), epoch)).tolist()

    assert drawn(3, 1) == drawn(3, 1)
    assert drawn(3, 1) != drawn(3, 2)
    assert drawn(3, 1) != drawn(4, 1)


def test_balanced_batches_take_every_crop_of_a_product_alike():
    labels = np.repeat([0, 1], [4, 996])
    rows = np.concatenate([batch for epoch in range(20) for batch in epoch_of(WeightedBatches(labels, 100, 0), epoch)])
    counts = np.bincount(rows, minlength=1000)
    assert counts[:4].min() > 0.8 * counts[:4].max()
    assert counts[4:].mean() == pytest.approx(10, rel=0.1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("fair", 4, 2), r"shuffled, fixed, balanced, sqrt, classes, got 'fair'"),
        (("shuffled", 0, 2), r"batch_size must be at least 1, got 0"),
        (("classes", 8, 0), r"crops_per_class must be at least 1, got 0"),
        (("classes", 7, 4), r"batch_size=7 is below 2 x datamodule\.crops_per_class=4"),
    ],
)
def test_sizes_out_of_range_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        check_sampling(*arguments)


def test_a_batch_of_one_crop_is_no_mistake_unless_products_are_to_be_compared():
    check_sampling("shuffled", 1, 4)
