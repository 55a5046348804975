"""What a source holds out: photos for validation, products from training."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datamodules.crops import Texts
from datamodules.sources.splits import fold_of_photos, fold_of_products, place_in_order, split_by_photo


@dataclass(frozen=True, kw_only=True)
class SplitOptions:
    """The options that all sources with a split share.

    Attributes:
        validation_fraction: Fraction of the crops held out for validation, whole photos at a time, where fold is None;
            1 holds out every crop of a known photo, for measuring alone.
        folds: Number of folds that the photos are dealt into, at least 2.
        fold: The fold that is held out, 0..folds-1; None holds out the fraction.
        unseen_fraction: Fraction of the products that training never sees, where unseen_fold is None.
        unseen_folds: Number of folds that the products are dealt into, at least 2.
        unseen_fold: The fold of products that training never sees; None takes the fraction.
        split_seed: Seed of all splits.

    Raises:
        ValueError: If an option is out of its range.
    """

    validation_fraction: float = 0.2
    folds: int = 5
    fold: int | None = None
    unseen_fraction: float = 0.0
    unseen_folds: int = 5
    unseen_fold: int | None = None
    split_seed: int = 0

    def __post_init__(self) -> None:
        for name in ("validation_fraction", "unseen_fraction"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"data.{name} must lie within 0..1, got {getattr(self, name)}")
        for prefix in ("", "unseen_"):
            folds, fold = getattr(self, f"{prefix}folds"), getattr(self, f"{prefix}fold")
            if folds < 2:
                raise ValueError(f"data.{prefix}folds must be at least 2, got {folds}")
            if fold is not None and not 0 <= fold < folds:
                raise ValueError(f"data.{prefix}fold must lie within 0..{folds - 1}, got {fold}")

    @property
    def holds_out(self) -> bool:
        """Whether any photo is held out for validation."""
        return self.fold is not None or self.validation_fraction > 0

    def held_out(self, photos: Texts, contents: NDArray[np.generic]) -> NDArray[np.bool_]:
        """Return a mask (n,) of the validation crops: whole photos, and copies of one image on one side.

        Args:
            photos: Photo id of each crop (n,), empty where unknown: such crops are trained on.
            contents: Digest of each crop's image (n,).
        """
        if self.fold is None:
            return split_by_photo(photos, contents, self.validation_fraction, self.split_seed)
        return fold_of_photos(photos, contents, self.folds, self.split_seed) == self.fold

    def held_out_by_order(
        self, labels: NDArray[np.int64], names: list[str], contents: NDArray[np.generic]
    ) -> NDArray[np.bool_]:
        """Return a mask (n,) of the validation crops: of each product a stretch of neighbours, the last by fraction.

        Args:
            labels: Product of each crop (n,).
            names: File name of each crop, which tells the order.
            contents: Digest of each crop's image (n,); a copy of a training crop is trained on.
        """
        places = place_in_order(labels, names)
        if self.fold is None:
            mask = places >= 1 - self.validation_fraction
        else:
            # A little is added, for 3 / 5 * 5 may come out below 3.
            mask = np.floor(places * self.folds + 1e-9) == self.fold
        return mask & ~np.isin(contents, contents[~mask])

    def unseen(self, labels: NDArray[np.int64], contents: NDArray[np.generic], count: int) -> NDArray[np.bool_]:
        """Return a mask (n,) of the crops of products that training never sees.

        Args:
            labels: Product of each crop (n,); crops of unknown products stay.
            contents: Digest of each crop's image (n,); products of one fold may share images, others do not.
            count: Number of products.
        """
        if self.unseen_fold is None:
            order = np.random.default_rng(self.split_seed).permutation(count)
            return np.isin(labels, order[: round(self.unseen_fraction * count)])
        mask = labels >= 0
        mask[mask] = (
            fold_of_products(labels[mask], contents[mask], self.unseen_folds, self.split_seed) == self.unseen_fold
        )
        return mask
