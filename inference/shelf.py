"""Facings and shares of the shelf as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from analysis.shelf.share import Share, store_shares

if TYPE_CHECKING:
    import pandas as pd

    from inference.groups import Groups

COLUMNS = ("cluster", "rows", "facings", "facings_wide", "share")


def store_shelf(photos: Sequence[Groups]) -> pd.DataFrame:
    """Return what each group has of the shelves of all photos together: cluster, facings, facings_wide, share.

    Args:
        photos: Photos that were grouped together, so that a product has one number in all.

    Example:
        >>> store_shelf(Grouper.load().group_photos("photos"))
    """
    return frame_of(store_shares([groups.layout for groups in photos])).drop(columns="rows")


def frame_of(shares: Sequence[Share]) -> pd.DataFrame:
    """Return one line per share: cluster, rows, facings, facings_wide, share."""
    # Imported late: pandas takes a third of a second, and the command line needs none.
    import pandas as pd

    return pd.DataFrame([asdict(share) for share in shares], columns=list(COLUMNS))
