"""The whole audit in the order in which one finding needs the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from analysis.audit.copies import BLOCK_ROWS, Copies, find_copies
from analysis.audit.discriminants import discriminant_space, held_out_scores, num_folds
from analysis.audit.duplicates import CONFIDENT_SHARED, Duplicate, find_duplicates
from analysis.audit.leakage import Leakage, random_split_leakage
from analysis.audit.mislabels import Mislabel, find_mislabels
from analysis.audit.mixtures import Mixture, find_mixtures
from analysis.audit.reliability.calibration import REPEATS, Findings, Tally, acted_on, calibrate
from analysis.audit.reliability.resolution import Accuracy, held_out_accuracy
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
        tallies: How confident duplicates, mixtures and mislabelled crops fare on errors injected into the data set.
    """

    duplicates: list[Duplicate]
    mixtures: list[Mixture]
    mislabels: list[Mislabel]
    copies: Copies
    leakage: Leakage
    accuracy: Accuracy
    tallies: tuple[Tally, Tally, Tally]


def steps(samples: Samples) -> int:
    """Return how often ``audit`` calls ``advance``."""
    blocks = -(-len(np.unique(samples.contents)) // BLOCK_ROWS)
    return (1 + REPEATS) * (num_folds(samples.groups()) + 1) + blocks + 1


def audit(samples: Samples, advance: Callable[[], object] = lambda: None) -> Audit:
    """Return what is wrong with a training set.

    A finding is confident if it stands out from what the data set shows everywhere, and if such findings were right
    on errors that were injected into this data set.

    Args:
        samples: The crops.
        advance: Called after each step, for a progress bar.
    """
    # On more threads sums come out in another order, and with them what is close to a threshold.
    with threadpool_limits(1, user_api="blas"):
        rows = principal_components(samples.features)
        scores = held_out_scores(rows, samples.labels, samples.groups(), samples.contents, advance)
        findings = _find(samples, rows, scores)
        advance()

        def find(noisy: Samples) -> Findings:
            found = _find(
                noisy, rows, held_out_scores(rows, noisy.labels, noisy.groups(), noisy.contents, advance)
            )  # fmt: skip
            advance()
            return found

        tallies = calibrate(samples, findings, find)
        copies = find_copies(samples.pictures, samples.contents, advance)
        leakage = random_split_leakage(samples, copies)
        advance()
    accuracy = held_out_accuracy(scores, samples.labels, samples.groups())
    return Audit(*acted_on(findings, tallies), copies, leakage, accuracy, tallies)


def _find(samples: Samples, rows: NDArray[np.float64], scores: NDArray[np.float64]) -> Findings:
    space = discriminant_space(rows, samples.labels, samples.groups(), samples.contents)
    mixtures = find_mixtures(samples, space, scores)
    mixed = [mixture.label for mixture in mixtures if mixture.confident]
    duplicates = [pair for pair in find_duplicates(samples, scores) if _of_whole_classes(pair, mixed)]
    twins = [(pair.first, pair.second) for pair in duplicates]
    return Findings(duplicates, mixtures, find_mislabels(samples, space, scores, twins, mixed))


def _of_whole_classes(pair: Duplicate, mixed: list[int]) -> bool:
    """Return whether both classes are one product each; a mixture resembles all classes that went into it."""
    return pair.shared >= CONFIDENT_SHARED or not {pair.first, pair.second} & set(mixed)
