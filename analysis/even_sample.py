"""A few of many rows, spread evenly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def even_sample(num_rows: int, count: int) -> NDArray[np.int64]:
    """Return row numbers at even steps from the first to the last, all of them where there are no more than wanted.

    Args:
        num_rows: Rows to choose from.
        count: Rows wanted.
    """
    return np.unique(np.linspace(0, num_rows - 1, min(count, num_rows)).astype(np.int64))
