"""What a person said about the detections of photos, one statement at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Statement = Literal["same", "different", "name", "skip"]
STATEMENTS: tuple[Statement, ...] = get_args(Statement)


@dataclass(frozen=True)
class Answer:
    """One thing that a person said.

    ``same``: all of ``items`` show one product; two items answer a question, more are "all one product".
    ``different``: none of ``items`` shows a product that one of ``others`` shows; two lists of one item answer a
    question, one item against a list is "this one does not belong".
    ``name``: all of ``items`` show the product called ``name``.
    ``skip``: whether one of ``items`` and one of ``others`` show one product is not to be asked again.

    Attributes:
        says: Which of the four.
        items: Numbers of detections, at least one, ascending and each once.
        others: Numbers of further detections, for "different" and "skip"; none of them in ``items``.
        name: The product's name, for "name"; not empty, without white space around it.

    Raises:
        ValueError: If an attribute is missing, or given with a statement that it does not belong to.
    """

    says: Statement
    items: tuple[int, ...]
    others: tuple[int, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        if self.says not in STATEMENTS:
            raise ValueError(f"says must be one of {', '.join(STATEMENTS)}, got {self.says!r}")
        for key in ("items", "others"):
            object.__setattr__(self, key, tuple(sorted({int(item) for item in getattr(self, key)})))
        object.__setattr__(self, "name", " ".join(self.name.split()))
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in self.name):
            raise ValueError(f"the name {self.name!r} holds a character that cannot be written")
        if not self.items or min(*self.items, *self.others, 0) < 0:
            raise ValueError(f"{self.says} must be said of numbers of detections, got items {list(self.items)}")
        if (self.says in ("different", "skip")) != bool(self.others):
            raise ValueError(f"others belong to different and skip alone, got {self.says} with {list(self.others)}")
        if shared := set(self.items) & set(self.others):
            raise ValueError(f"{self.says} was said of detection {min(shared)} and itself")
        if (self.says == "name") != bool(self.name):
            raise ValueError(f"a name belongs to the statement name and must not be empty, got {self.name!r}")

    @property
    def pair(self) -> tuple[int, ...]:
        """The two items of an answer to "are these one product?"; empty for everything else."""
        said = self.items + self.others
        is_answer = self.says == "same" or (self.says == "different" and len(self.items) == 1)
        return said if is_answer and len(said) == 2 else ()

    def moved(self, numbers: dict[int, int]) -> Answer | None:
        """Return the answer about the same detections under other numbers; None if none of a side is left.

        Args:
            numbers: New number by old number; detections without one no longer exist.
        """
        items, others = (tuple(numbers[item] for item in side if item in numbers) for side in (self.items, self.others))
        if not items or (self.others and not others):
            return None
        return Answer(self.says, items, others, self.name)


def name_key(name: str) -> str:
    """Return what two spellings of one name share: case and white space do not matter."""
    return " ".join(name.casefold().split())


def highest_item(answers: Iterable[Answer]) -> int:
    """Return the highest number that an answer is about, -1 where there is none."""
    return max((max(*answer.items, *answer.others, -1) for answer in answers), default=-1)
