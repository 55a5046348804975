import re
from pathlib import Path

import numpy as np
import pytest

from datamodules.crop_cache.bounded_map import BoundedMap


@pytest.fixture
def stored(tmp_path):
    values = np.random.default_rng(0).integers(0, 256, (2000, 64, 64, 3), dtype=np.uint8)
    np.save(tmp_path / "rows.npy", values)
    return values, np.load(tmp_path / "rows.npy", mmap_mode="r")


def resident_kilobytes(rows):
    """Return what Linux says of the mapping that holds the array."""
    address = rows.ctypes.data
    blocks = re.split(r"^(?=[0-9a-f]+-[0-9a-f]+ )", Path("/proc/self/smaps").read_text(), flags=re.MULTILINE)
    for block in blocks:
        found = re.match(r"([0-9a-f]+)-([0-9a-f]+) ", block)
        if found and int(found[1], 16) <= address < int(found[2], 16):
            return int(re.search(r"^Rss:\s+(\d+)", block, re.MULTILINE)[1])
    raise AssertionError("no mapping holds the array")


@pytest.mark.parametrize("megabytes", [None, 0.1, 1000])
def test_rows_are_read_as_they_are(stored, megabytes):
    values, mapped = stored
    reader = BoundedMap(mapped, megabytes)
    rows = np.random.default_rng(1).integers(0, 400, 100)
    for _ in range(2):
        np.testing.assert_array_equal(reader.read(rows), values[rows])


@pytest.mark.skipif(not Path("/proc/self/smaps").is_file(), reason="resident pages are counted by Linux only")
def test_resident_pages_stay_within_the_bound(stored):
    _, mapped = stored
    bounded, free = BoundedMap(mapped, 1), BoundedMap(mapped, None)
    largest = 0
    for start in range(0, 2000, 40):
        bounded.read(np.arange(start, start + 40))
        # A single read maps some megabytes at most before they are counted.
        largest = max(largest, resident_kilobytes(mapped))
    assert largest <= 3500
    free.read(np.arange(2000))
    assert resident_kilobytes(mapped) >= 20000


def test_an_array_in_memory_is_read_too():
    values = np.arange(12).reshape(6, 2)
    np.testing.assert_array_equal(BoundedMap(values, 0.000001).read(np.array([5, 0])), [[10, 11], [0, 1]])
    assert BoundedMap(values[:0], 1).read(np.zeros(0, int)).shape == (0, 2)


@pytest.mark.parametrize("megabytes", [0, -1])
def test_a_bound_that_is_none_is_refused(megabytes):
    with pytest.raises(ValueError, match=rf"resident_megabytes must be above 0 or null, got {megabytes}"):
        BoundedMap(np.zeros(3), megabytes)
