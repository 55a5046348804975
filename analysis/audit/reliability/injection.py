"""Label noise injected into a data set, to see what an audit makes of errors that are known."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.audit.samples import Samples
from analysis.labels import rows_by_label

# Classes with fewer crops are not split or mixed.
LEAST_CROPS = 8


@dataclass(frozen=True)
class Injection:
    """A data set with known errors.

    Attributes:
        labels: Class of each crop (n,), numbered without gaps.
        original: The class that each new class mostly had before (c,).
        twins: Pairs of new classes that are one.
        mixtures: New classes that hold two.
        wrong: Rows of the crops under a wrong name.
    """

    labels: NDArray[np.int64]
    original: NDArray[np.int64]
    twins: set[frozenset[int]]
    mixtures: set[int]
    wrong: set[int]

    def truth(self) -> tuple[set[Hashable], set[Hashable], set[Hashable]]:
        """Return twins, mixtures and wrong crops, the classes by their original names; a twin's is both names'."""
        name = self.original.tolist()
        twins: set[Hashable] = {frozenset(name[label] for label in pair) for pair in self.twins}
        return twins, {name[label] for label in self.mixtures}, set(self.wrong)


def inject(samples: Samples, seed: int, share: float = 0.05, wrong: float = 0.04) -> Injection:
    """Split some classes in two, join as many with another one each, and give some crops a wrong name.

    A class is split by photos, or where they are unknown in the order of its crops, so that a video falls in two
    stretches.

    Args:
        samples: The data set.
        seed: Of the choice.
        share: Share of the large classes that are split, and of those that are joined with another, 0..0.3.
        wrong: Share of the crops that get a wrong name, 0..1.
    """
    generator = np.random.default_rng(seed)
    labels, count = samples.labels.copy(), samples.num_classes
    members = rows_by_label(labels)
    large = generator.permutation([label for label, rows in enumerate(members) if len(rows) >= LEAST_CROPS])
    split = large[: max(1, round(share * len(large)))].astype(int)
    rest = large[len(split) :].astype(int)
    joined = rest[: min(2 * max(1, round(share * len(large))), len(rest) // 2 * 2)].reshape(-1, 2)
    for number, label in enumerate(split):
        labels[_half(samples.photos[members[label]], members[label], generator)] = count + number
    for first, second in joined:
        labels[members[second]] = first
    present = np.unique(labels)
    moved = generator.permutation(len(labels))[: round(wrong * len(labels))] if len(present) > 1 else np.zeros(0, int)
    labels[moved] = [generator.choice(present[present != labels[row]]) for row in moved]
    kept, numbered = np.unique(labels, return_inverse=True)
    place = {int(label): number for number, label in enumerate(kept)}
    original = np.where(kept < count, kept, np.append(split, 0)[np.clip(kept - count, 0, len(split))])
    twins = {frozenset({place[label], place[count + number]}) for number, label in enumerate(split) if label in place}
    return Injection(
        numbered.astype(np.int64),
        original,
        twins,
        {place[first] for first, _ in joined if first in place},
        set(moved.tolist()),
    )


def _half(photos: NDArray[np.str_], rows: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
    known = generator.permutation(np.unique(photos))
    if len(known) > 1 and "" not in known:
        return rows[np.isin(photos, known[: len(known) // 2])]
    return rows[len(rows) // 2 :]
