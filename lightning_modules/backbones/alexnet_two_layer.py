"""The original report's network: the first two layers of AlexNet with few filters."""

from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

from torch import nn

from lightning_modules.backbones.convolutional import ConvolutionalBackbone
from lightning_modules.backbones.pooled import BackboneOptions
from lightning_modules.backbones.weights import SHIPPED, fitting_state, read_state

# The name of the weights that come with the project, and where they stand in any of its checkpoints.
OWN_WEIGHTS = "shipped"
IN_CHECKPOINT = "embedder.backbone.features."


class AlexNetTwoLayer(ConvolutionalBackbone):
    """Two convolutional layers of AlexNet (Krizhevsky, One weird trick, 2014).

    Args:
        widths: Filters of the first and of the second layer.
        image_size: Side in pixels of the square crops.
        weights: "shipped" for the layers of the checkpoint that comes with the project, the path of another checkpoint
            with layers of these widths, or None for random ones.
        trainable_layers: Convolutional layers trained, counted from the end: 0..2 or "all".
        **embedding: Options of pooling and embedding block.

    Raises:
        FileNotFoundError: If there is no such checkpoint.
        ValueError: If there are not two widths of at least 1, or a checkpoint's layers are others.
    """

    def __init__(
        self,
        widths: Sequence[int] = (4, 16),
        image_size: int = 224,
        weights: str | None = None,
        trainable_layers: int | str = "all",
        **embedding: Unpack[BackboneOptions],
    ) -> None:
        if len(widths) != 2 or min(widths) < 1:
            raise ValueError(f"backbone.widths must be two numbers of filters, each at least 1, got {list(widths)}")
        first, second = widths
        features = nn.Sequential(
            nn.Conv2d(3, first, kernel_size=11, stride=4, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(first, second, kernel_size=5, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
        )
        if weights is not None:
            _load(features, SHIPPED if weights == OWN_WEIGHTS else Path(weights))
        super().__init__(features, trainable_layers, image_size, **embedding)


def _load(features: nn.Sequential, path: Path) -> None:
    """Load the layers that a checkpoint of this project holds."""
    held = {name.removeprefix(IN_CHECKPOINT): value for name, value in read_state(path).items()}
    features.load_state_dict(fitting_state(held, features.state_dict(), f"backbone.weights={path}"))
