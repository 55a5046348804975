from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from datamodules.crop_cache.row_file import RowFile


@pytest.mark.parametrize("shape", [(1, 1), (2, 3, 2), (200, 16, 16, 3)])
def test_rows_written_in_any_order_by_threads_are_those_that_numpy_loads(tmp_path, shape):
    values = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    order = np.random.default_rng(1).permutation(len(values)).tolist()
    with RowFile(tmp_path / "a.npy", np.uint8, shape) as file, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda row: file.write(row, values[row]), order))
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), values)
    mapped = np.load(tmp_path / "a.npy", mmap_mode="r")
    np.testing.assert_array_equal(mapped, values)


def test_rows_are_written_by_processes_that_know_only_the_files_name(tmp_path):
    values = np.random.default_rng(0).integers(0, 256, (6, 5, 3), dtype=np.uint8)
    context = get_context("spawn")
    with RowFile(tmp_path / "a.npy", np.uint8, values.shape) as file, ProcessPoolExecutor(2, context) as pool:
        list(pool.map(file.write, range(6), values))
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), values)


def test_rows_never_written_are_zero_and_strided_ones_are_kept(tmp_path):
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    with RowFile(tmp_path / "a.npy", np.float32, (3, 4)) as file:
        file.write(2, values.T[:, 1].repeat(2)[::2])
    assert np.load(tmp_path / "a.npy").tolist() == [[0] * 4, [0] * 4, [4, 5, 6, 7]]


def test_rows_of_another_kind_and_rows_outside_are_refused(tmp_path):
    with RowFile(tmp_path / "a.npy", np.uint8, (2, 3)) as file:
        with pytest.raises(ValueError, match=r"rows 0\.\.1, got row 2"):
            file.write(2, np.zeros(3, np.uint8))
        with pytest.raises(ValueError, match=r"a row is uint8 \(3,\), got float64 \(3,\)"):
            file.write(0, np.zeros(3))
