"""What a data source hands over: training crops, validation scenes, product names."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from datamodules.crops import CropTable
from datamodules.scene import Scene


@dataclass(frozen=True)
class SourceData:
    """The content of a data source. Products are numbered across training and scenes.

    Attributes:
        products: Name of each product.
        training: Labelled training crops.
        scenes: Photos that are grouped at validation; measured where labelled.
        unplaced_crops: Validation crops that are in no scene: they count for loss and accuracy only.
        warnings: What was skipped or set aside, to be told to the user.
        repeats: How often each training crop stands in an epoch (n,) int64; None for once.
    """

    products: list[str]
    training: CropTable
    scenes: list[Scene]
    unplaced_crops: CropTable = field(default_factory=lambda: CropTable.concatenate([]))
    warnings: tuple[str, ...] = ()
    repeats: NDArray[np.int64] | None = None


class Source(Protocol):
    """Anything that can say what there is to train on and to group."""

    def load(self) -> SourceData:
        """Return the content of the source."""
