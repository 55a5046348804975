"""Which items are one and which are apart, closed under what follows from either."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Parts:
    """Items that are joined into parts and kept apart, one statement after the other; what contradicts is refused.

    Args:
        num_items: Number n of items, each a part of its own at first.
    """

    def __init__(self, num_items: int) -> None:
        self._above = list(range(num_items))
        self._enemies: dict[int, set[int]] = {}

    def find(self, item: int) -> int:
        """Return the lowest item of the item's part."""
        while self._above[item] != item:
            self._above[item] = self._above[self._above[item]]
            item = self._above[item]
        return item

    def join(self, first: int, second: int) -> bool:
        """Make one part of two, unless they are kept apart; return whether they are one now."""
        kept, gone = sorted((self.find(first), self.find(second)))
        if kept == gone:
            return True
        if gone in self._enemies.get(kept, ()):
            return False
        self._above[gone] = kept
        for enemy in self._enemies.pop(gone, set()):
            self._enemies[enemy].discard(gone)
            self._set_apart(kept, enemy)
        return True

    def separate(self, first: int, second: int) -> bool:
        """Keep the parts of two items apart, unless they are one; return whether they are apart now."""
        first, second = self.find(first), self.find(second)
        if first != second:
            self._set_apart(first, second)
        return first != second

    def join_all(self, items: tuple[int, ...]) -> list[list[int]]:
        """Join all items that may be joined; return them by the part they are in, the most first.

        Returns:
            One list if nothing contradicts.
        """
        blocks: list[list[int]] = []
        for item in items:
            block = next((block for block in blocks if self.join(block[0], item)), None)
            if block is None:
                blocks.append([item])
            else:
                block.append(item)
        return sorted(blocks, key=len, reverse=True)

    def lowest(self) -> NDArray[np.int64]:
        """Return the lowest item of each item's part, shape (n,)."""
        return np.array([self.find(item) for item in range(len(self._above))], dtype=np.int64)

    def apart(self) -> NDArray[np.int64]:
        """Return the lowest items of all pairs of parts that are kept apart, shape (m, 2), ascending."""
        pairs = sorted((one, two) for one, others in self._enemies.items() for two in others if one < two)
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)

    def _set_apart(self, one: int, two: int) -> None:
        self._enemies.setdefault(one, set()).add(two)
        self._enemies.setdefault(two, set()).add(one)
