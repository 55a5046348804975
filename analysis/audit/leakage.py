"""How much a random split would leak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from analysis.audit.copies import Copies
from analysis.audit.samples import Samples


@dataclass(frozen=True)
class Leakage:
    """Shares of the crops of a random validation part that have a relative in the training part, 0..1.

    Attributes:
        copy: A byte-identical image.
        near_copy: A near-copy that is not identical.
        photo: A crop of the same photo; crops of unknown photo have none.
        any: Any of these.
    """

    copy: float
    near_copy: float
    photo: float
    any: float


def random_split_leakage(
    samples: Samples, copies: Copies, fraction: float = 0.2, repeats: int = 20, seed: int = 0
) -> Leakage:
    """Return the mean shares over random splits that hold out a fraction of the crops.

    Args:
        samples: The crops.
        copies: What ``find_copies`` returned for them.
        fraction: Share of the crops that is held out.
        repeats: Number of splits.
        seed: Of the splits.
    """
    content = np.unique(samples.contents, return_inverse=True)[1]
    photo = samples.groups()
    relatives = _relatives(content, copies.near)
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(repeats):
        held = np.zeros(len(samples), dtype=bool)
        held[generator.permutation(len(samples))[: max(1, round(fraction * len(samples)))]] = True
        copied = np.bincount(content[~held], minlength=content.max() + 1) > 0
        photographed = np.bincount(photo[~held], minlength=photo.max() + 1) > 0
        near = (relatives @ copied.astype(np.int64)) > 0
        leaks = np.column_stack([copied[content], near[content], photographed[photo]])[held]
        found.append([*leaks.mean(axis=0), leaks.any(axis=1).mean()])
    return Leakage(*(float(share) for share in np.mean(found, axis=0)))


def _relatives(content: NDArray[np.int64], near: NDArray[np.int64]) -> coo_array:
    """Return the symmetric matrix of the contents that are near-copies of each other."""
    left, right = content[near[:, 0]], content[near[:, 1]]
    size = int(content.max()) + 1
    ends = (np.concatenate([left, right]), np.concatenate([right, left]))
    return coo_array((np.ones(2 * len(near), dtype=np.int64), ends), shape=(size, size)).tocsr()
