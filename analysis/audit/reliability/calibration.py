"""What confident findings are worth on this very data set: how they fare on errors that were injected into it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from analysis.audit.duplicates import Duplicate
from analysis.audit.mislabels import Mislabel
from analysis.audit.mixtures import Mixture
from analysis.audit.reliability.injection import inject
from analysis.audit.reliability.outliers import FALSE_DISCOVERY_RATE
from analysis.audit.samples import Samples

# What was injected, and what was found.
Trial = tuple[set[Hashable], set[Hashable]]

REPEATS = 3
# Fewer crops that were found cannot show that at most a twentieth is wrong. Where few were injected, half of them.
LEAST_FOUND = 20


class Findings(NamedTuple):
    """What one look at a data set found, each list by decreasing confidence.

    Attributes:
        duplicates: Several names for one product.
        mixtures: Several products under one name.
        mislabels: Single crops under a wrong name.
    """

    duplicates: list[Duplicate]
    mixtures: list[Mixture]
    mislabels: list[Mislabel]


@dataclass(frozen=True)
class Tally:
    """How confident findings of one kind fared on injected errors.

    Attributes:
        injected: Number of errors that were injected.
        right: How many of them were found with confidence.
        wrong: Confident findings that were neither injected nor belong to the data set as it is.
        least_evidence: Only crops with at least so much evidence were counted, and may be acted on.
    """

    injected: int = 0
    right: int = 0
    wrong: int = 0
    least_evidence: float = float("-inf")

    @property
    def holds(self) -> bool:
        """Whether such findings may be acted on: some were found, and at most a twentieth was wrong."""
        return self.right > 0 and self.wrong <= FALSE_DISCOVERY_RATE * (self.right + self.wrong)


def calibrate(samples: Samples, findings: Findings, find: Callable[[Samples], Findings]) -> tuple[Tally, Tally, Tally]:
    """Return how confident duplicates, mixtures and mislabelled crops fare on injected errors.

    What is found whatever was injected belongs to the data set, is under judgement itself, and does not count.

    Args:
        samples: The data set.
        findings: What was found in it as it is.
        find: Finds what is wrong with a data set of the same crops.
    """
    trials, evidence = [], list[dict[Hashable, float]]()
    for seed in range(REPEATS):
        noise = inject(samples, seed)
        found = find(replace(samples, labels=noise.labels))
        trials.append((noise.truth(), confident_findings(found, noise.original.tolist())))
        evidence.append({crop.row: crop.evidence for crop in found.mislabels})
    known = confident_findings(findings, range(samples.num_classes))
    pairs, mixed, crops = ([(true[kind], found[kind]) for true, found in trials] for kind in range(3))
    steady = [
        known[k].union(set.intersection(*(found for _, found in runs))) for k, runs in enumerate((pairs, mixed, crops))
    ]
    least = _least_evidence(crops, steady[2], evidence)
    surer = [
        (true, {row for row in found if sure[row] >= least})
        for (true, found), sure in zip(crops, evidence, strict=True)
    ]
    return _tally(pairs, steady[0]), _tally(mixed, steady[1]), replace(_tally(surer, steady[2]), least_evidence=least)


def _least_evidence(runs: list[Trial], steady: set[Hashable], evidence: list[dict[Hashable, float]]) -> float:
    """Return the evidence from which on at most a twentieth of the crops that were found is wrong, inf if nowhere.

    It is at least that of the surer half of the injected errors: what is less sure is rather a crop that is hard.
    """
    pairs = list(zip(runs, evidence, strict=True))
    right = np.array([sure[row] for (true, found), sure in pairs for row in found & true])
    wrong = np.array([sure[row] for (true, found), sure in pairs for row in found - true - steady])
    enough = min(LEAST_FOUND, sum(len(true) for true, _ in runs) / 2)
    for least in np.sort(right)[len(right) // 2 :]:
        tally = Tally(right=int((right >= least).sum()), wrong=int((wrong >= least).sum()))
        if tally.holds and tally.right >= enough:
            return float(least)
    return float("inf")


def _tally(runs: list[Trial], steady: set[Hashable]) -> Tally:
    """Return the counts of one kind over pairs of what was injected and what was found."""
    return Tally(
        injected=sum(len(true) for true, _ in runs),
        right=sum(len(found & true) for true, found in runs),
        wrong=sum(len(found - true - steady) for true, found in runs),
    )


def acted_on(findings: Findings, tallies: tuple[Tally, Tally, Tally]) -> Findings:
    """Return the findings, those of a kind that failed on injected errors without confidence; copies are facts."""
    pairs, mixed, crops = (tally.holds for tally in tallies)
    least = tallies[2].least_evidence
    judged = [
        replace(item, confident=item.confident and crops and item.evidence >= least) for item in findings.mislabels
    ]
    return Findings(
        [replace(item, confident=item.confident and (pairs or item.by_copies)) for item in findings.duplicates],
        [replace(item, confident=item.confident and (mixed or item.by_copies)) for item in findings.mixtures],
        sorted(judged, key=lambda item: (-item.confident, -item.score)),
    )


def confident_findings(findings: Findings, names: Sequence[int]) -> tuple[set[Hashable], set[Hashable], set[Hashable]]:
    """Return the confident findings of each kind as sets, to be compared with those of :meth:`Injection.truth`.

    Args:
        findings: What was found.
        names: A name for each class; classes of one name are one.
    """
    return (
        {frozenset({names[pair.first], names[pair.second]}) for pair in findings.duplicates if pair.confident},
        {names[mixture.label] for mixture in findings.mixtures if mixture.confident},
        {crop.row for crop in findings.mislabels if crop.confident},
    )
