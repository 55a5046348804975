import numpy as np
import pytest

from datamodules.samplers.batches import EpochBatches, ShuffledBatches
from datamodules.samplers.distributed import DistributedBatches


def parts(count, world_size, batch_size=4):
    """Return every process's parts of an epoch, by step."""
    ranks = [DistributedBatches(ShuffledBatches(count, batch_size), rank, world_size) for rank in range(world_size)]
    return list(zip(*ranks, strict=True))


@pytest.mark.parametrize("world_size", [1, 2, 3, 5])
@pytest.mark.parametrize("count", [1, 2, 9, 12])
def test_together_the_processes_take_what_one_would_take(count, world_size):
    for (alone,), step in zip(parts(count, 1), parts(count, world_size), strict=True):
        kept = [(part.rows[part.counted], part.places[part.counted]) for part in step]
        rows, places = (np.concatenate(values) for values in zip(*kept, strict=True))
        order = np.argsort(rows)
        np.testing.assert_array_equal(rows[order], alone.rows)
        np.testing.assert_array_equal(places[order], alone.places)
        assert alone.places.tolist() == list(range(len(alone.rows)))
        assert len({len(part.rows) for part in step}) == 1


def test_alone_every_crop_counts_and_rows_ascend():
    for (part,) in parts(9, 1):
        assert part.counted.all()
        assert (np.diff(part.rows) > 0).all()


def test_without_shuffling_rows_come_in_order():
    rows = np.concatenate([part.rows for part in DistributedBatches(EpochBatches(7, 3))])
    assert rows.tolist() == list(range(7))
