"""Which rows of a table belong together."""

from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray


def rows_by_value(values: NDArray[np.generic]) -> dict[Hashable, NDArray[np.int64]]:
    """Return the ascending rows of each value of a column (n,), in the order of the values."""
    order = np.argsort(values, kind="stable")
    starts = np.flatnonzero(values[order][1:] != values[order][:-1]) + 1
    groups = np.split(order, starts) if len(order) else []
    return {values[rows[0]]: rows for rows in groups}
