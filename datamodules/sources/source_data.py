"""What a data source hands over: training crops, validation scenes, product names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from datamodules.crop_cache.decoding import UnreadablePicturesError
from datamodules.crops import CropTable
from datamodules.scene import Scene

NAMED_FAILURES = 5
Result = TypeVar("Result")


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

    def without(self, failures: Mapping[str, str]) -> "SourceData":
        """Return the content without pictures that cannot be used, with a warning that counts and names them.

        Args:
            failures: Why each cannot be used, by its file.
        """
        files = failures.keys()
        kept = self.training.outside(files)
        scenes = [left for scene in self.scenes if (left := scene.without(files)) is not None]
        first = "; ".join(list(failures.values())[:NAMED_FAILURES])
        more = f"; and {len(failures) - NAMED_FAILURES} more" if len(failures) > NAMED_FAILURES else ""
        note = f"{len(failures)} pictures cannot be used and are left out: {first}{more}"
        return replace(
            self,
            training=self.training.take(kept),
            scenes=scenes,
            unplaced_crops=self.unplaced_crops.take(self.unplaced_crops.outside(files)),
            warnings=(*self.warnings, note),
            repeats=None if self.repeats is None else self.repeats[kept],
        )


class Source(Protocol):
    """Anything that can say what there is to train on and to group."""

    def load(self) -> SourceData:
        """Return the content of the source."""


def with_usable_pictures(collection: SourceData, decode: Callable[[SourceData], Result]) -> tuple[SourceData, Result]:
    """Return a content without the pictures that cannot be used, and its decoded crops.

    Args:
        collection: The content of a source.
        decode: Decodes its crops, or raises UnreadablePicturesError.

    Raises:
        UnreadablePicturesError: If no picture can be used.
    """
    while True:
        try:
            return collection, decode(collection)
        except UnreadablePicturesError as error:
            # Every attempt leaves out at least one picture.
            if len(error.failures) == error.total:
                raise
            collection = collection.without(error.failures)
