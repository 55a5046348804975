"""Hyperparameters chosen without looking at what they are measured on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


def chosen_on_other_folds(
    variants: Mapping[str, NDArray[np.float64]], folds: NDArray[np.int64]
) -> tuple[NDArray[np.float64], dict[int, str]]:
    """Return a side's values where each fold is measured with the variant that is best on the others.

    Args:
        variants: Values (photos, seeds) of each variant, NaN where there is none; higher is better.
        folds: Fold that each photo was held out in, (photos,).

    Returns:
        Values (photos, seeds), and the variant of each fold.

    Raises:
        ValueError: If there are several variants and a single fold, so that nothing is left to choose on.
    """
    numbers = np.unique(folds).tolist()
    if len(variants) > 1 and len(numbers) < 2:
        raise ValueError(f"choosing among {', '.join(variants)} needs photos of at least 2 folds, got those of one")
    chosen, values = {}, np.full_like(next(iter(variants.values())), np.nan)
    for fold in numbers:
        others = folds != fold if len(variants) > 1 else np.ones(len(folds), dtype=bool)
        chosen[fold] = max(variants, key=lambda name: _mean(variants[name][others]))
        values[folds == fold] = variants[chosen[fold]][folds == fold]
    return values, chosen


def _mean(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else -np.inf
