"""The whole audit in the order in which one finding needs the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.audit.copies import BLOCK_ROWS, Copies, find_copies
from analysis.audit.discriminants import discriminant_space, held_out_scores, num_folds
from analysis.audit.duplicates import CONFIDENT_SHARED, Duplicate, find_duplicates
from analysis.audit.leakage import Leakage, random_split_leakage
from analysis.audit.mislabels import Mislabel, find_mislabels
from analysis.audit.mixtures import Mixture, find_mixtures
from analysis.audit.samples import Samples, principal_components


@dataclass(frozen=True)
class Audit:
    """All findings, each list by decreasing confidence.

    Attributes:
        duplicates: Several names for one product.
        mixtures: Several products under one name.
        mislabels: Single crops under a wrong name.
        copies: Byte-identical images and near-copies.
        leakage: What a random split would leak.
        accuracy: Share of the crops that a linear classifier, trained on other photos, classifies as the data set does.
    """

    duplicates: list[Duplicate]
    mixtures: list[Mixture]
    mislabels: list[Mislabel]
    copies: Copies
    leakage: Leakage
    accuracy: float


def steps(samples: Samples) -> int:
    """Return how often ``audit`` calls ``advance``."""
    blocks = -(-len(np.unique(samples.contents)) // BLOCK_ROWS)
    return num_folds(samples.groups()) + samples.num_classes + blocks + 2


def audit(samples: Samples, advance: Callable[[], object] = lambda: None) -> Audit:
    """Return what is wrong with a training set.

    Args:
        samples: The crops.
        advance: Called after each step, for a progress bar.
    """
    rows = principal_components(samples.features)
    groups = samples.groups()
    scores = held_out_scores(rows, samples.labels, groups, samples.contents, advance)
    space = discriminant_space(rows, samples.labels, groups, samples.contents)
    advance()
    mixtures = find_mixtures(samples, space, scores, advance)
    mixed = [mixture.label for mixture in mixtures if mixture.confident]
    duplicates = [pair for pair in find_duplicates(samples, scores) if _of_whole_classes(pair, mixed)]
    twins = [(pair.first, pair.second) for pair in duplicates]
    mislabels = find_mislabels(samples, space, scores, twins, mixed)
    advance()
    copies = find_copies(samples.pictures, samples.contents, advance)
    best = np.where(np.isfinite(scores), scores, -np.inf).argmax(axis=1)
    accuracy = float((best == samples.labels).mean())
    return Audit(duplicates, mixtures, mislabels, copies, random_split_leakage(samples, copies), accuracy)


def _of_whole_classes(pair: Duplicate, mixed: list[int]) -> bool:
    """Return whether both classes are one product each; a mixture resembles all classes that went into it."""
    return pair.shared >= CONFIDENT_SHARED or not {pair.first, pair.second} & set(mixed)
