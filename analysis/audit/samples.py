"""What an audit looks at: crops as feature vectors, with their labels, photos and contents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

COMPONENTS = 128
# With fewer crops for each direction, discriminants fit any labels, wrong ones too.
CROPS_PER_COMPONENT = 8


@dataclass(frozen=True)
class Samples:
    """The crops of a training set.

    Attributes:
        features: Any description in which crops of one product lie close, (n, d) float.
        labels: Class of each crop (n,), numbered 0..c-1 without gaps.
        photos: Id of each crop's photo (n,) str; empty where unknown.
        contents: Digest of each crop's image (n,) str: equal for byte-identical images.
        pictures: The crops as small squares (n, s, s, 3) uint8, in which near-copies are looked for.

    Raises:
        ValueError: If the columns differ in length, labels have gaps, or features are not finite.
    """

    features: NDArray[np.floating]
    labels: NDArray[np.int64]
    photos: NDArray[np.str_]
    contents: NDArray[np.str_]
    pictures: NDArray[np.uint8]

    def __post_init__(self) -> None:
        columns = (self.features, self.labels, self.photos, self.contents, self.pictures)
        if len({len(column) for column in columns}) != 1:
            raise ValueError(
                f"the columns of an audit must be of one length, got {[len(column) for column in columns]}"
            )
        if len(np.unique(self.labels)) != self.num_classes:
            raise ValueError(f"labels must be 0..c-1 without gaps, got {np.unique(self.labels)}")
        if not np.isfinite(self.features).all():
            bad = np.flatnonzero(~np.isfinite(self.features).all(axis=1))
            raise ValueError(f"features must be finite; {len(bad)} rows are not, the first is row {bad[0]}")

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def num_classes(self) -> int:
        """Number of classes."""
        return int(self.labels.max(initial=-1)) + 1

    def groups(self) -> NDArray[np.int64]:
        """Return the number of each crop's photo (n,); each crop of unknown photo is on a photo of its own."""
        _, photo = np.unique(self.photos, return_inverse=True)
        unknown = np.flatnonzero(self.photos == "")
        groups = photo.astype(np.int64)
        groups[unknown] = photo.max(initial=0) + 1 + np.arange(len(unknown))
        return np.unique(groups, return_inverse=True)[1]

    def distinct(self) -> NDArray[np.int64]:
        """Return the row of the first crop of each content within each class."""
        keys = np.char.add(np.char.add(self.contents.astype(str), " "), self.labels.astype(str))
        return np.sort(np.unique(keys, return_index=True)[1])


def principal_components(features: NDArray[np.floating], seed: int = 0) -> NDArray[np.float64]:
    """Return the features in their first principal components (n, <= 128), fewer where there are few crops."""
    size = min(COMPONENTS, max(2, len(features) // CROPS_PER_COMPONENT), *features.shape)
    model = PCA(size, svd_solver="randomized", random_state=seed)
    return np.asarray(model.fit_transform(features.astype(np.float64)))
