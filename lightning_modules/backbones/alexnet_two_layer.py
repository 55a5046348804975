"""The original report's network: the first two layers of AlexNet with few filters."""

from collections.abc import Sequence
from typing import Unpack

from torch import nn

from lightning_modules.backbones.convolutional import ConvolutionalBackbone
from lightning_modules.backbones.pooled import BackboneOptions


class AlexNetTwoLayer(ConvolutionalBackbone):
    """Two convolutional layers of AlexNet (Krizhevsky, One weird trick, 2014), trained from random weights.

    Args:
        widths: Filters of the first and of the second layer.
        image_size: Side in pixels of the square crops.
        **embedding: Options of pooling and embedding block.

    Raises:
        ValueError: If there are not two widths of at least 1.
    """

    def __init__(
        self, widths: Sequence[int] = (4, 16), image_size: int = 224, **embedding: Unpack[BackboneOptions]
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
        super().__init__(features, trainable_layers="all", image_size=image_size, **embedding)
