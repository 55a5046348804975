"""Supported, contradicted or not decided: claims judged together, so that many of them do not find one by chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.claims.difference import Difference

SUPPORTED, CONTRADICTED, NOT_DECIDED = "supported", "contradicted", "not decided"
LEVEL = 0.05


@dataclass(frozen=True)
class Part:
    """One comparison that a claim makes.

    Attributes:
        difference: The side that is claimed to be better, minus the other.
        either_way: Whether it is claimed that the sides differ, whichever is better.
    """

    difference: Difference
    either_way: bool = False

    def chance_supported(self) -> float:
        """Return the p-value of there being no such difference."""
        above = self.difference.chance_above(0)
        return min(above, self.difference.chance_below(0)) if self.either_way else above

    def chance_contradicted(self, worth: float) -> float:
        """Return the p-value of there being such a difference of at least ``worth``."""
        below = self.difference.chance_below(worth)
        return max(below, self.difference.chance_above(-worth)) if self.either_way else below


@dataclass(frozen=True)
class Verdict:
    """What is to be said of a claim.

    Attributes:
        word: SUPPORTED, CONTRADICTED or NOT_DECIDED.
        chance: Its p-value, corrected for the number of claims.
    """

    word: str
    chance: float


def judge(claims: Mapping[str, Sequence[Part]], worth: float, count: int | None = None) -> dict[str, Verdict]:
    """Return the verdict on every claim.

    A claim is supported where all of its parts are above 0, and contradicted where one of them is below the difference
    that matters: "no better, or hardly". Both at a level of 5 % over all claims together, by Holm's method.

    Args:
        claims: The parts of each claim, at least one.
        worth: The smallest difference that matters, above 0.
        count: Number of claims that are put to the test in all, if some of them have not been measured.

    Raises:
        ValueError: If a claim has no part, or worth is not above 0.

    References:
        Holm, A simple sequentially rejective multiple test procedure, 1979.
    """
    empty = [name for name, parts in claims.items() if not parts]
    if empty or not worth > 0:
        raise ValueError(f"no comparison in {', '.join(empty)}" if empty else f"worth must be above 0, got {worth}")
    found = {name: _likelier(parts, worth) for name, parts in claims.items()}
    corrected = holm({name: chance for name, (_, chance) in found.items()}, count)
    return {
        name: Verdict(word if corrected[name] <= LEVEL else NOT_DECIDED, corrected[name])
        for name, (word, _) in found.items()
    }


def holm(chances: Mapping[str, float], count: int | None = None) -> dict[str, float]:
    """Return p-values corrected for there being several; those beyond the given ones count as 1.

    Args:
        chances: The p-values.
        count: How many there are in all; None for those given.

    Raises:
        ValueError: If there are fewer than given.
    """
    total = len(chances) if count is None else count
    if total < len(chances):
        raise ValueError(f"count must be at least {len(chances)}, the number of p-values, got {total}")
    corrected, highest = {}, 0.0
    for place, name in enumerate(sorted(chances, key=lambda name: chances[name])):
        highest = max(highest, min(1.0, (total - place) * chances[name]))
        corrected[name] = highest
    return {name: corrected[name] for name in chances}


def _likelier(parts: Sequence[Part], worth: float) -> tuple[str, float]:
    supported = max(part.chance_supported() for part in parts)
    # Any of several parts may be the one that is found by chance.
    contradicted = min(1.0, len(parts) * min(part.chance_contradicted(worth) for part in parts))
    return (SUPPORTED, supported) if supported <= contradicted else (CONTRADICTED, contradicted)
