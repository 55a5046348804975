"""Normalised point-based uncertainty (NPU), after the paper, with this project's constrained linkage.

References:
    Xiong, Azimi and Fern, Active learning of constraints for semi-supervised clustering, 2014.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import entropy
from sklearn.ensemble import RandomForestClassifier

from analysis.review.answers import Answer
from analysis.review.questions import review
from scripts.benchmarks.reviewing.asking import AskedPhoto, Asking

# As in the paper.
NUM_TREES = 50


def point_uncertainty(photo: AskedPhoto, generator: np.random.Generator) -> Asking:
    """Ask to which neighbourhood of known items the most uncertain item belongs, the likeliest neighbourhood first."""
    answers: list[Answer] = []
    neighbourhoods = [[int(generator.integers(len(photo.products)))]]
    groups = review(photo.distance, answers, photo.threshold).found.groups
    while sum(map(len, neighbourhoods)) < len(photo.products):
        item, chances = _most_uncertain(photo.rows, groups, neighbourhoods, generator)
        for place in np.argsort(-chances, kind="stable"):
            other = neighbourhoods[place][0]
            if (yield item, other, groups):
                answers.append(Answer("same", (item, other)))
                neighbourhoods[place].append(item)
                break
            answers.append(Answer("different", (item,), (other,)))
            groups = review(photo.distance, answers, photo.threshold).found.groups
        else:
            neighbourhoods.append([item])
        groups = review(photo.distance, answers, photo.threshold).found.groups
    return groups


def _most_uncertain(
    rows: NDArray[np.float32],
    groups: NDArray[np.int64],
    neighbourhoods: list[list[int]],
    generator: np.random.Generator,
) -> tuple[int, NDArray[np.float64]]:
    """Return the item of the largest uncertainty per expected question, and how likely each neighbourhood is."""
    known = [item for neighbourhood in neighbourhoods for item in neighbourhood]
    others = np.setdiff1d(np.arange(len(rows)), known)
    if len(neighbourhoods) == 1:
        return int(generator.choice(others)), np.ones(1)
    forest = RandomForestClassifier(NUM_TREES, random_state=int(generator.integers(2**31))).fit(rows, groups)
    leaves = forest.apply(rows)
    similar = [(leaves[others, None] == leaves[part]).mean(axis=(1, 2)) for part in neighbourhoods]
    chances = np.stack(similar, axis=1)
    chances[chances.sum(axis=1) == 0] = 1
    chances /= chances.sum(axis=1, keepdims=True)
    expected = (np.sort(chances, axis=1)[:, ::-1] * np.arange(1, chances.shape[1] + 1)).sum(axis=1)
    best = int((entropy(chances, base=2, axis=1) / expected).argmax())
    return int(others[best]), chances[best]
