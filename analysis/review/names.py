"""The names that a person gave to products: equal names are one product, different names are different products."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from analysis.review.answers import name_key
from analysis.review.parts import Parts


@dataclass
class Names:
    """Names taken from the last one given to the first, which is how a later one wins.

    Attributes:
        spelling: How the name of each key was last written, see ``name_key``.
        items: The detections that carry the name.
    """

    spelling: dict[str, str] = field(default_factory=dict)
    items: dict[str, set[int]] = field(default_factory=dict)

    def take(self, name: str, items: tuple[int, ...], parts: Parts) -> Iterator[tuple[tuple[int, int], str]]:
        """Give detections of one part an earlier name; yield the pairs of detections that contradict it, and why.

        Args:
            name: The name.
            items: Detections of one part.
            parts: What belongs together; what the name says about it is added.
        """
        key, part = name_key(name), parts.find(items[0])
        of_part = {parts.find(min(carriers)): other for other, carriers in self.items.items()}
        owner = of_part.get(part, key)
        if owner != key:
            # Who names the same detections anew has changed their mind about the name, not about the product.
            if not self.items[owner] & set(items):
                yield (min(self.items[owner]), items[0]), f"later answers call it {self.spelling[owner]!r}"
            return
        if key in self.items and not parts.join(min(self.items[key]), part):
            yield (min(self.items[key]), items[0]), f"later answers keep it apart from {self.spelling[key]!r}"
            return
        for named, other in of_part.items():
            if other != key:
                parts.separate(named, part)
        self.spelling.setdefault(key, name)
        self.items.setdefault(key, set()).update(items)

    def by_part(self, parts: Parts) -> dict[int, str]:
        """Return the name of each named part, by the part's lowest item."""
        named = {parts.find(min(items)): self.spelling[key] for key, items in self.items.items()}
        return dict(sorted(named.items()))
