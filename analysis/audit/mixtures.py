"""Several products under one name: classes that fall into parts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import pdist

from analysis.audit.neighbours import foreign_neighbours, weakest_cut
from analysis.audit.reliability.outliers import outstanding
from analysis.audit.samples import Samples

NEIGHBOURS = 5
MOST_CROPS = 400
LEAST_PART = 3
LEAST_SHARE = 0.1
# More than a quarter of the classes cannot stand out from the rest.
CLASSES_PER_MIXTURE = 4
# Chosen on synthetic shelves: above, one product's views and shades hardly come; two products mostly do.
CONFIDENT_SEPARATION = 0.95
CONFIDENT_GAP = 0.7
LISTED = 0.5
# Other classes that hold files of a class: each at least the first fraction of them, together at least the second.
SHARE_OF_OTHER = 0.1
CONFIDENT_COPIED = 0.8


@dataclass(frozen=True)
class Mixture:
    """A class that seems to hold several products.

    Attributes:
        label: The class.
        score: 0..1; 1 is certainly mixed.
        confident: Whether the evidence is enough to act on.
        by_copies: Whether it lies in the files and not in the features.
        separation: 1 - conductance of the weakest cut through the nearest neighbours on other photos; 1 is no link.
        gap: Distance of the two parts' means, in units of the median distance of two classes.
        parts: Rows of the crops on either side of the cut.
        looks_like: For each part, the other class that most of its crops fit best, or -1.
        together: Photos that show both parts.
        sources: Other classes that hold copies of at least a tenth of its images, with the share, largest first.
    """

    label: int
    score: float
    confident: bool
    by_copies: bool
    separation: float
    gap: float
    parts: tuple[NDArray[np.int64], NDArray[np.int64]]
    looks_like: tuple[int, int]
    together: int
    sources: tuple[tuple[int, float], ...]


def find_mixtures(
    samples: Samples,
    space: NDArray[np.float64],
    scores: NDArray[np.float64],
) -> list[Mixture]:
    """Return the classes that may hold several products, by decreasing confidence.

    A class is cut where its crops are least linked across photos: a change of light lies between photos, two products
    lie within each. The parts must also be about as far apart as two products are.

    Args:
        samples: The crops.
        space: What ``discriminant_space`` returned for them.
        scores: What ``held_out_scores`` returned for them.
    """
    typical = _typical_gap(space, samples.labels)
    judged = [_judge(samples, space, scores, label, typical) for label in range(samples.num_classes)]
    cut = [mixture for mixture in judged if mixture is not None]
    apart = np.array([mixture.separation * mixture.gap for mixture in cut])
    alone = outstanding(apart, samples.num_classes // CLASSES_PER_MIXTURE)
    found = [
        replace(mixture, confident=bool(mixture.by_copies or (mixture.confident and stands_out)))
        for mixture, stands_out in zip(cut, alone, strict=True)
    ]
    found = [mixture for mixture in found if mixture.score >= LISTED or mixture.confident]
    return sorted(found, key=lambda finding: (-finding.confident, -finding.score))


def _judge(
    samples: Samples, space: NDArray[np.float64], scores: NDArray[np.float64], label: int, typical: float
) -> Mixture | None:
    rows = samples.distinct()
    rows = rows[samples.labels[rows] == label]
    if len(rows) > MOST_CROPS:
        rows = np.sort(np.random.default_rng(label).permutation(rows)[:MOST_CROPS])
    groups = samples.groups()
    least = max(LEAST_PART, round(LEAST_SHARE * len(rows)))
    neighbours = foreign_neighbours(space[rows], groups[rows], samples.contents[rows], NEIGHBOURS)
    cut = weakest_cut(neighbours, least)
    if cut is None:
        return None
    parts = (rows[cut.connected & ~cut.part], rows[cut.part])
    photos = [set(groups[part].tolist()) for part in parts]
    if min(len(shown) for shown in photos) < 2:
        return None
    gap = float(np.linalg.norm(space[parts[0]].mean(axis=0) - space[parts[1]].mean(axis=0))) / typical
    sources = _sources(samples, label)
    copied = sum(share for _, share in sources) if len(sources) > 1 else 0.0
    by_copies = copied >= CONFIDENT_COPIED
    score = max(cut.separation * min(1.0, gap / CONFIDENT_GAP), min(1.0, copied))
    looks = (_looks_like(scores[parts[0]], label), _looks_like(scores[parts[1]], label))
    confident = cut.separation >= CONFIDENT_SEPARATION and gap >= CONFIDENT_GAP
    return Mixture(
        label, score, confident, by_copies, cut.separation, gap, parts, looks, len(photos[0] & photos[1]), sources
    )  # fmt: skip


def _typical_gap(space: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Return the median distance of the means of two classes."""
    means = np.array([space[labels == label].mean(axis=0) for label in range(int(labels.max()) + 1)])
    return max(float(np.median(pdist(means))), 1e-9)


def _looks_like(scores: NDArray[np.float64], label: int) -> int:
    """Return the class that most crops fit best, if that is another one than their own."""
    best = np.where(np.isfinite(scores), scores, -np.inf).argmax(axis=1)
    values, counts = np.unique(best, return_counts=True)
    winner = int(values[counts.argmax()])
    return winner if winner != label and counts.max() * 2 > len(scores) else -1


def _sources(samples: Samples, label: int) -> tuple[tuple[int, float], ...]:
    own = np.unique(samples.contents[samples.labels == label])
    elsewhere = np.isin(samples.contents, own) & (samples.labels != label)
    found = []
    for other in np.unique(samples.labels[elsewhere]):
        share = len(np.unique(samples.contents[elsewhere & (samples.labels == other)])) / len(own)
        if share >= SHARE_OF_OTHER:
            found.append((int(other), share))
    return tuple(sorted(found, key=lambda item: -item[1]))
