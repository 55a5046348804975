"""Single crops under a wrong name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from analysis.audit.neighbours import foreign_neighbours
from analysis.audit.samples import Samples

NEIGHBOURS = 10
LISTED = 0.8
CONFIDENT = 0.9


@dataclass(frozen=True)
class Mislabel:
    """A crop that seems to belong to another class.

    Attributes:
        row: The crop.
        given: Its class.
        proposed: The class that it seems to belong to.
        score: 0..1; the mean of the two numbers below.
        confident: Whether the evidence is enough to act on.
        evidence: Logarithm of the odds of another product against its own, itself compressed; higher is surer.
        probability: Of the proposed class, by a linear classifier trained on other photos.
        neighbours: Share of its nearest neighbours on other photos that are of the proposed class.
    """

    row: int
    given: int
    proposed: int
    score: float
    confident: bool
    evidence: float
    probability: float
    neighbours: float


def find_mislabels(
    samples: Samples,
    space: NDArray[np.float64],
    scores: NDArray[np.float64],
    twins: list[tuple[int, int]],
    mixed: list[int],
) -> list[Mislabel]:
    """Return the crops that may be mislabelled, by decreasing confidence.

    Two witnesses must name the same other class: a classifier and the nearest neighbours, both from other photos.
    Names of one product count as one, and crops of mixed classes are left to the finding about their class.

    Args:
        samples: The crops.
        space: What ``discriminant_space`` returned for them.
        scores: What ``held_out_scores`` returned for them.
        twins: Pairs of classes that are taken for one product.
        mixed: Classes that are taken for mixtures.

    References:
        Northcutt et al., Confident learning: estimating uncertainty in dataset labels, 2021.
    """
    product = _joined(samples.num_classes, twins)
    neighbours = foreign_neighbours(space, samples.groups(), samples.contents, NEIGHBOURS)
    votes = _votes(neighbours, product[samples.labels], samples.num_classes)
    known = np.isfinite(scores)
    chances = softmax(np.where(known, scores, -1e9), axis=1) * known
    gathered = np.zeros_like(chances)
    np.add.at(gathered.T, product, chances.T)
    proposed = gathered.argmax(axis=1)
    every = np.arange(len(samples))
    agreed = (votes.argmax(axis=1) == proposed) & (proposed != product[samples.labels])
    score = (gathered[every, proposed] + votes[every, proposed]) / 2
    # Where no other photo shows the given class, nothing speaks against it.
    judged = known[every, samples.labels] & ~np.isin(samples.labels, mixed)
    suspects = np.flatnonzero(agreed & judged & (score >= LISTED))
    evidence = _evidence(scores, product, product[samples.labels])
    found = [
        Mislabel(
            row=int(row),
            given=int(samples.labels[row]),
            proposed=int(proposed[row]),
            score=float(score[row]),
            confident=bool(score[row] >= CONFIDENT and votes[row, product[samples.labels[row]]] == 0),
            evidence=float(evidence[row]),
            probability=float(gathered[row, proposed[row]]),
            neighbours=float(votes[row, proposed[row]]),
        )
        for row in suspects
    ]
    return sorted(found, key=lambda finding: (-finding.confident, -finding.score))


def _joined(count: int, twins: list[tuple[int, int]]) -> NDArray[np.int64]:
    """Return for each class the first name of its product (c,)."""
    product = np.arange(count)
    for first, second in twins:
        old, new = product[[first, second]].max(), product[[first, second]].min()
        product[product == old] = new
    return product


def _evidence(scores: NDArray[np.float64], product: NDArray[np.int64], given: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the logarithm of the odds of the best other product against each crop's own (n,), itself compressed.

    The classifier is the surer the wronger its assumptions: ten times the log-odds are not ten times the evidence.
    """
    own = product[None] == given[:, None]
    known = np.isfinite(scores)
    theirs = np.where(known & ~own, scores, -np.inf).max(axis=1)
    ours = np.where(known & own, scores, -np.inf).max(axis=1)
    odds = np.where(np.isfinite(ours), theirs, -np.inf) - np.where(np.isfinite(ours), ours, 0.0)
    return np.asarray(np.sign(odds) * np.log1p(np.abs(odds)))


def _votes(neighbours: NDArray[np.int64], labels: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Return the fraction of each class among each crop's neighbours (n, count); 0 for a crop without neighbours."""
    votes = np.zeros((len(neighbours), count))
    row, place = np.nonzero(neighbours >= 0)
    np.add.at(votes, (row, labels[neighbours[row, place]]), 1.0)
    votes /= np.maximum(votes.sum(axis=1, keepdims=True), 1)
    return votes
