"""How well an audit agrees with corruption that was planted."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Agreement:
    """Counts for one kind of finding.

    Attributes:
        kind: What was sought.
        planted: Number that was planted.
        sure: How many of the sure findings were planted, and how many sure findings there are.
        listed: The same for all findings.
    """

    kind: str
    planted: int
    sure: tuple[int, int]
    listed: tuple[int, int]

    def describe(self) -> str:
        """Returns one line with precision and recall."""
        sure, listed = self._rates(self.sure), self._rates(self.listed)
        return f"{self.kind:<10} planted {self.planted:>3}   sure: {sure}   listed: {listed}"

    def _rates(self, counts: tuple[int, int]) -> str:
        hits, found = counts
        precision = f"{hits / found:.2f}" if found else "-"
        recall = f"{hits / self.planted:.2f}" if self.planted else "-"
        return f"precision {precision:>4} ({hits}/{found}), recall {recall:>4}"


def agreement(kind: str, found: Sequence[Hashable], sure: Sequence[bool], planted: set[Hashable]) -> Agreement:
    """Counts hits.

    Args:
        kind: What was sought.
        found: The findings.
        sure: Whether each is sure.
        planted: What was planted, in the same form as the findings.
    """
    certain = [item for item, flag in zip(found, sure, strict=True) if flag]
    hits = [sum(item in planted for item in items) for items in (certain, found)]
    return Agreement(kind, len(planted), (hits[0], len(certain)), (hits[1], len(found)))
