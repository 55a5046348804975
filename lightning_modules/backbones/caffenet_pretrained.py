"""CaffeNet: the original AlexNet with grouped convolutions, fine-tuned from its ImageNet weights."""

from typing import Unpack

import torch
from torch import Tensor, nn
from torch.nn import functional

from lightning_modules.backbones.convolutional import ConvolutionalBackbone
from lightning_modules.backbones.pooled import BackboneOptions
from lightning_modules.backbones.weights import load_features, local_weights

FILE_NAME = "caffenet_features.pth"
NEIGHBOURS, ALPHA = 2, 1e-4


class CrossChannelNorm(nn.Module):
    """Divides each channel by (1 + alpha / 5 * sum of the squares of 5 neighbouring channels)^0.75.

    The same as ``nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75)``, whose average over channels and whose power take as
    long as the convolutions beside it on a CPU: here the sum is a 1 x 1 convolution and the power two roots.

    Args:
        channels: Channels of the map.
    """

    weights: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        number = torch.arange(channels)
        near = (number[:, None] - number).abs() <= NEIGHBOURS
        weights = near.float()[:, :, None, None] * ALPHA / (2 * NEIGHBOURS + 1)
        self.register_buffer("weights", weights, persistent=False)

    def forward(self, maps: Tensor) -> Tensor:
        """Return normalised maps (n, c, h, w)."""
        scale = 1 + functional.conv2d(maps.square(), self.weights)
        return maps * torch.rsqrt(scale * scale.sqrt()).to(maps.dtype)


class CaffeNetPretrained(ConvolutionalBackbone):
    """The convolutional layers of CaffeNet (Krizhevsky et al. 2012, pooling before normalisation).

    Args:
        trainable_layers: Convolutional layers trained, counted from the end: 0..5 or "all".
        weights: "imagenet" (the file caffenet_features.pth in weights_dir), the path of a file, or None for random.
        weights_dir: Folder with weights files.
        image_size: Side in pixels of the square crops.
        **embedding: Options of pooling and embedding block.

    Raises:
        FileNotFoundError: If the weights are asked for and not at hand.
    """

    def __init__(
        self,
        trainable_layers: int | str = 1,
        weights: str | None = "imagenet",
        weights_dir: str | None = None,
        image_size: int = 227,
        **embedding: Unpack[BackboneOptions],
    ) -> None:
        features = _features()
        if weights is not None:
            path = local_weights(weights, weights_dir, FILE_NAME)
            if path is None:
                raise FileNotFoundError(
                    f"the ImageNet weights of CaffeNet are in no public download. Bring the file {FILE_NAME} and type "
                    f"weights_dir=FOLDER (now {weights_dir}) or backbone.weights=FILE, or backbone.weights=null for "
                    "random weights"
                )
            load_features(features, path)
        super().__init__(features, trainable_layers, image_size, **embedding)


def _features() -> nn.Sequential:
    """Return conv1 to conv5 with pooling; parameters at the keys 0, 4, 8, 10 and 12."""
    return nn.Sequential(
        nn.Conv2d(3, 96, kernel_size=11, stride=4),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True),
        CrossChannelNorm(96),
        nn.Conv2d(96, 256, kernel_size=5, padding=2, groups=2),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True),
        CrossChannelNorm(256),
        nn.Conv2d(256, 384, kernel_size=3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(384, 384, kernel_size=3, padding=1, groups=2),
        nn.ReLU(inplace=True),
        nn.Conv2d(384, 256, kernel_size=3, padding=1, groups=2),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True),
    )
