import numpy as np
import pytest

from datamodules.samplers.batches import EpochBatches, ShuffledBatches
from datamodules.samplers.distributed import DistributedBatches


def shares(count, world_size, batch_size=4, augments=True):
    """Every process's shares of an epoch, by step."""
    ranks = [
        DistributedBatches(ShuffledBatches(count, batch_size), rank, world_size, augments) for rank in range(world_size)
    ]
    return list(zip(*ranks, strict=True))


@pytest.mark.parametrize("world_size", [1, 2, 3, 5])
@pytest.mark.parametrize("count", [1, 2, 9, 12])
def test_together_the_processes_take_what_one_would_take(count, world_size):
    for (alone,), step in zip(shares(count, 1), shares(count, world_size), strict=True):
        kept = [(share.rows[share.counted], share.draws[share.counted]) for share in step]
        rows, draws = (np.concatenate(values) for values in zip(*kept, strict=True))
        order = np.argsort(rows)
        np.testing.assert_array_equal(rows[order], alone.rows)
        np.testing.assert_array_equal(draws[order], alone.draws)
        assert len({len(share.rows) for share in step}) == 1


def test_alone_every_crop_counts_and_rows_ascend():
    for (share,) in shares(9, 1):
        assert share.counted.all()
        assert (np.diff(share.rows) > 0).all()


def test_numbers_differ_between_crops_steps_and_epochs():
    ranks = DistributedBatches(ShuffledBatches(8, 4), augments=True)
    first = np.concatenate([share.draws for share in ranks])
    ranks.set_epoch(1)
    second = np.concatenate([share.draws for share in ranks])
    assert len(np.unique(np.concatenate([first, second]))) == 2 * 8 * 9
    assert 0 <= first.min() < first.max() < 1


def test_without_augmentation_nothing_is_drawn():
    assert all(share.draws is None for (share,) in shares(6, 1, augments=False))


def test_without_shuffling_rows_come_in_order():
    rows = np.concatenate([share.rows for share in DistributedBatches(EpochBatches(7, 3))])
    assert rows.tolist() == list(range(7))
