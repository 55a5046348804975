"""What confident findings are worth on this very data set: how they fare on errors that were injected into it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from analysis.audit.duplicates import Duplicate
from analysis.audit.mislabels import Mislabel
from analysis.audit.mixtures import Mixture
from analysis.audit.reliability.injection import inject
from analysis.audit.reliability.outliers import FALSE_DISCOVERY_RATE
from analysis.audit.samples import Samples

REPEATS = 3


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
    """

    injected: int = 0
    right: int = 0
    wrong: int = 0

    @property
    def holds(self) -> bool:
        """Whether such findings may be acted on: some were found, and at most a twentieth was wrong."""
        return self.right > 0 and self.wrong <= FALSE_DISCOVERY_RATE * (self.right + self.wrong)


def calibrate(samples: Samples, findings: Findings, find: Callable[[Samples], Findings]) -> tuple[Tally, Tally, Tally]:
    """Return how confident duplicates, mixtures and mislabelled crops fare on injected errors.

    Args:
        samples: The data set.
        findings: What was found in it as it is: such findings are under judgement themselves, and do not count.
        find: Finds what is wrong with a data set of the same crops.
    """
    runs = []
    for seed in range(REPEATS):
        noise = inject(samples, seed)
        found = find(replace(samples, labels=noise.labels))
        runs.append((noise.truth(), confident_findings(found, noise.original.tolist())))
    known = confident_findings(findings, range(samples.num_classes))
    first, second, third = (_tally([(true[k], found[k]) for true, found in runs], known[k]) for k in range(3))
    return first, second, third


def _tally(runs: list[tuple[set[Hashable], set[Hashable]]], known: set[Hashable]) -> Tally:
    """Return the counts of one kind over pairs of what was injected and what was found.

    What is found whatever was injected belongs to the data set, and is as little known to be wrong as `known`.
    """
    steady = set.intersection(*(found for _, found in runs)) | known
    return Tally(
        injected=sum(len(true) for true, _ in runs),
        right=sum(len(found & true) for true, found in runs),
        wrong=sum(len(found - true - steady) for true, found in runs),
    )


def acted_on(findings: Findings, tallies: tuple[Tally, Tally, Tally]) -> Findings:
    """Return the findings, those of a kind that failed on injected errors without confidence; copies are facts."""
    pairs, mixed, crops = (tally.holds for tally in tallies)
    return Findings(
        [replace(item, confident=item.confident and (pairs or item.by_copies)) for item in findings.duplicates],
        [replace(item, confident=item.confident and (mixed or item.by_copies)) for item in findings.mixtures],
        [replace(item, confident=item.confident and crops) for item in findings.mislabels],
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
