"""Arrays of labels: the number of a group for each row, negative for a row in no group."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def as_singletons(labels: ArrayLike) -> NDArray[np.int64]:
    """Replace each negative label by a new label of its own.

    Args:
        labels: Shape (n,), any integers.
    """
    own = np.array(labels, dtype=np.int64)
    alone = np.flatnonzero(own < 0)
    own[alone] = own.max(initial=-1) + 1 + np.arange(len(alone))
    return own


def rows_by_label(labels: ArrayLike) -> list[NDArray[np.int64]]:
    """Return the rows of each label that occurs, ascending, in the order of the labels.

    Args:
        labels: Shape (n,), anything that can be sorted.
    """
    values = np.asarray(labels)
    if len(values) == 0:
        return []
    order = np.argsort(values, kind="stable")
    return np.split(order, np.flatnonzero(values[order[1:]] != values[order[:-1]]) + 1)
