import numpy as np
import pytest

from datamodules.rows import rows_by_value


@pytest.mark.parametrize("values", [[], [3], [1, 1], [2, 1], [5, 3, 5, 3, 4, 3]], ids=str)
@pytest.mark.parametrize("kind", [np.int64, object])
def test_rows_ascend_and_values_are_in_order(values, kind):
    column = np.array([str(value) for value in values] if kind is object else values, dtype=kind)
    groups = rows_by_value(column)
    assert list(groups) == sorted(set(column.tolist()))
    assert {value: rows.tolist() for value, rows in groups.items()} == {
        value: [row for row, other in enumerate(column) if other == value] for value in groups
    }
