"""How well an audit agrees with label noise that was injected."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Agreement:
    """Counts for one kind of finding.

    Attributes:
        kind: What was looked for.
        injected: Number that was injected.
        confident: How many of the confident findings were injected, and how many confident findings there are.
        listed: The same for all findings.
    """

    kind: str
    injected: int
    confident: tuple[int, int]
    listed: tuple[int, int]

    def describe(self) -> str:
        """Return one line with precision and recall."""
        confident, listed = self._rates(self.confident), self._rates(self.listed)
        return f"{self.kind:<10} injected {self.injected:>3}   confident: {confident}   listed: {listed}"

    def _rates(self, counts: tuple[int, int]) -> str:
        hits, found = counts
        precision = f"{hits / found:.2f}" if found else "-"
        recall = f"{hits / self.injected:.2f}" if self.injected else "-"
        return f"precision {precision:>4} ({hits}/{found}), recall {recall:>4}"


def agreement(kind: str, found: Sequence[Hashable], confident: Sequence[bool], injected: set[Hashable]) -> Agreement:
    """Count the findings that were injected.

    Args:
        kind: What was looked for.
        found: The findings.
        confident: Whether each is confident.
        injected: What was injected, in the same form as the findings.
    """
    certain = [item for item, flag in zip(found, confident, strict=True) if flag]
    hits = [sum(item in injected for item in items) for items in (certain, found)]
    return Agreement(kind, len(injected), (hits[0], len(certain)), (hits[1], len(found)))
