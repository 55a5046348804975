"""Whether there was enough to measure."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

# With fewer, one crop in another group moves the mean by several hundredths, or chance alone may give the best value.
FEWEST_CROPS, FEWEST_PRODUCTS, FEWEST_PHOTOS = 30, 3, 3


def too_few_to_measure(photos: Sequence[Collection[Hashable]], one_pile: bool = False) -> str | None:
    """Return a line that says that figures mean nothing, None where there is enough behind them.

    Args:
        photos: Of each labelled photo the products of its items, those without one left out.
        one_pile: Whether the only "photo" is a pile of crops whose photos are not known.
    """
    if not photos:
        return None
    counts = {"crop": sum(map(len, photos)), "product": len(set().union(*photos)), "photo": len(photos)}
    fewest = {"crop": FEWEST_CROPS, "product": FEWEST_PRODUCTS, "photo": FEWEST_PHOTOS}
    if one_pile:
        del counts["photo"]
    if all(counts[what] >= fewest[what] for what in counts):
        return None
    found, needed = (_enumerated({what: of[what] for what in counts}) for of in (counts, fewest))
    return f"too few to mean anything: measured on {found}; take figures seriously from {needed} on"


def _enumerated(counts: dict[str, int]) -> str:
    *first, last = (f"{count} {what}{'' if count == 1 else 's'}" for what, count in counts.items())
    return f"{', '.join(first)} and {last}"
