"""Names in figures: how long they are, and what of long ones is shown, or they leave no room for what is drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath


def shortened(names: Sequence[str], longest: int) -> list[str]:
    """Return names of at most so many characters, an ellipsis for what is left out.

    Where one is too long, all lose the words with which all begin; then the middle goes, for products of one brand
    differ at the end.

    Args:
        names: Names that are shown together.
        longest: At least 4.
    """
    if max(map(len, names), default=0) <= longest:
        return list(names)
    common = _common_words(min(names), max(names))
    return [_without_middle(f"…{name[common:]}" if common > 1 else name, longest) for name in names]


def _common_words(first: str, last: str) -> int:
    """Return how many characters the words hold with which two different texts begin."""
    same = next((place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), 0)
    return max((found.end() for found in re.finditer(r"[\s/_-]", first[:same])), default=0)


def _without_middle(name: str, longest: int) -> str:
    if len(name) <= longest:
        return name
    head = (longest - 1) // 3
    first, last = name[:head], name[head + 1 - longest :]
    # Half words are hard to read; but a long one is not given up for that.
    if (end := first.rfind(" ")) > head // 2:
        first = first[:end]
    if 0 < (start := last.find(" ")) < head // 2:
        last = last[start:]
    return f"{first.rstrip()}…{last.lstrip()}"


def text_inches(texts: Sequence[str], points: float) -> float:
    """Return the width of the widest text in a font of so many points."""
    font = FontProperties(size=points)
    return max((TextPath((0, 0), text, prop=font).get_extents().width / 72 for text in texts if text), default=0.0)
