"""What a data source hands over: training crops, validation scenes, product names."""

from dataclasses import dataclass, field

from datamodules.crops import CropTable
from datamodules.scene import Scene


@dataclass(frozen=True)
class Collection:
    """The content of a data source. Products are numbered across training and scenes.

    Attributes:
        products: Name of each product.
        training: Labelled training crops.
        scenes: Photos that are grouped at validation; measured where labelled.
        loose: Validation crops that are in no scene: they count for loss and accuracy only.
        notes: What was skipped or set aside, to be told to the user.
    """

    products: list[str]
    training: CropTable
    scenes: list[Scene]
    loose: CropTable = field(default_factory=lambda: CropTable.concatenate([]))
    notes: tuple[str, ...] = ()
