"""The comparisons that a claim makes, from its rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.claims.choice import chosen_on_other_folds
from analysis.claims.difference import Difference, mean_difference
from analysis.claims.verdict import Part
from scripts.claim_verdicts.measured import Row, values_of

# The prefix of a measure over the products that were trained on, or over the others.
PART = re.compile(r"^(un)?seen_")
# The mean of fewer photos says nothing, and its interval would stretch the axis until nothing else can be read.
FEWEST_SHOWN = 5
# What a comparison is also shown for: title, prefix of the measure, source.
SHOWN = (
    ("all photos", "", None),
    ("detergents, seen", "seen_", "detergents"),
    ("detergents, unseen", "unseen_", "detergents"),
    ("cornershop", "", "cornershop"),
)


@dataclass(frozen=True)
class Comparison:
    """Two sides of a claim.

    Attributes:
        better: Side that is claimed to be better.
        other: Side that it is compared with.
        measure: Column of what is measured, higher is better.
        source: Only photos of this data source; None for all.
        either_way: Whether it is claimed that the sides differ, whichever is better.
    """

    better: str
    other: str
    measure: str = "ari"
    source: str | None = None
    either_way: bool = False

    @property
    def title(self) -> str:
        """What is compared, in a few words."""
        where = "" if self.source is None else f", {self.source}"
        return f"{self.better} minus {self.other}, {self.measure}{where}"

    @property
    def shown_title(self) -> str:
        """What a picture shows of it, for all photos and for the parts of them."""
        return f"{self.better} minus {self.other}, {self._whole}"

    @property
    def _whole(self) -> str:
        return PART.sub("", self.measure)

    def difference(self, rows: Sequence[Row]) -> Difference:
        """Return the paired difference over photos, each side with what is best for it on the other folds.

        Raises:
            ValueError: If a side was not measured.
        """
        sides = values_of(rows, (self.better, self.other), self.measure, self.source)
        better, other = (chosen_on_other_folds(side.variants, side.folds)[0] for side in sides)
        differences = better - other
        known = ~np.isnan(differences).all(axis=1)
        return mean_difference(differences[known])

    def part(self, rows: Sequence[Row]) -> Part:
        """Return what a verdict needs."""
        return Part(self.difference(rows), self.either_way)

    def shown(self, rows: Sequence[Row]) -> dict[str, Difference]:
        """Return the difference of the sides in grouping, over all photos and apart, for a picture."""
        found = {}
        for title, prefix, source in SHOWN:
            measure = prefix + self._whole
            if any(row.get(measure) and source in (None, row["source"]) for row in rows):
                item = Comparison(self.better, self.other, measure, source).difference(rows)
                if item.photos >= FEWEST_SHOWN:
                    found[title] = item
        return found


@dataclass(frozen=True)
class Claim:
    """A statement of the report.

    Attributes:
        number: Its number in the list.
        statement: What is claimed, in a sentence.
        comparisons: All of them must hold.
    """

    number: int
    statement: str
    comparisons: tuple[Comparison, ...]

    def not_measured(self, rows: Sequence[Row]) -> list[str]:
        """Return the sides that have no rows."""
        sides = dict.fromkeys(side for item in self.comparisons for side in (item.better, item.other))
        return [side for side in sides if not any(row["side"] == side for row in rows)]

    @staticmethod
    def of_options(options: Mapping[str, object]) -> "Claim":
        """Return the claim of a configuration's plain values."""
        compared = options["comparisons"]
        assert isinstance(compared, list)
        return Claim(int(str(options["number"])), str(options["statement"]), tuple(Comparison(**c) for c in compared))
