"""What all backbones share: convolutional features of which the last layers are trained, then an embedding block."""

from typing import Any

import torch
from torch import Tensor, nn

from lightning_modules.backbones.embedding_block import EmbeddingBlock


class ConvolutionalBackbone(nn.Module):
    """Convolutional features and an embedding block; layers before the trained ones are frozen.

    Frozen means: no gradient, not in the optimiser, and always in evaluation mode.

    Args:
        features: The convolutional layers in order, ending in a feature map of ``out_channels`` channels.
        out_channels: Channels of that map.
        trainable_layers: How many convolutional layers are trained, counted from the end; "all" trains every one.
        image_size: Side in pixels of the square crops that the network expects.
        **embedding: Options of :class:`EmbeddingBlock`, which is always trained.

    Raises:
        ValueError: If trainable_layers is neither "all" nor within 0..number of convolutional layers.
    """

    def __init__(
        self, features: nn.Sequential, out_channels: int, trainable_layers: int | str, image_size: int, **embedding: Any
    ) -> None:
        super().__init__()
        split = _first_trained(features, trainable_layers)
        self.image_size = image_size
        self.frozen_depth = split
        self.features = features
        self.embedding = EmbeddingBlock(out_channels, **embedding)
        self.features[:split].requires_grad_(False).eval()

    @property
    def embedding_dim(self) -> int:
        """Width d of the embeddings."""
        return self.embedding.embedding_dim

    def train(self, mode: bool = True) -> "ConvolutionalBackbone":
        """Sets the mode of the trained layers; the frozen ones stay in evaluation mode."""
        super().train(mode)
        self.features[: self.frozen_depth].eval()
        return self

    def feature_maps(self, images: Tensor) -> list[Tensor]:
        """Returns the map after each convolutional layer's activation, each (n, c, h, w)."""
        maps = []
        for index, layer in enumerate(self.features):
            images = layer(images)
            if isinstance(layer, nn.ReLU) and isinstance(self.features[index - 1], nn.Conv2d):
                maps.append(images)
        return maps

    def forward(self, images: Tensor, sizes: Tensor) -> Tensor:
        """Returns raw embeddings (n, d) of normalised images (n, 3, s, s) and relative log sizes (n, 2)."""
        if self.frozen_depth:
            with torch.no_grad():
                images = self.features[: self.frozen_depth](images)
        return self.embedding(self.features[self.frozen_depth :](images), sizes)


def _first_trained(features: nn.Sequential, trainable_layers: int | str) -> int:
    """Returns the index of the first trained layer of the sequence."""
    convolutions = [index for index, layer in enumerate(features) if isinstance(layer, nn.Conv2d)]
    if trainable_layers == "all":
        return 0
    valid = isinstance(trainable_layers, int) and not isinstance(trainable_layers, bool)
    if not valid or not 0 <= trainable_layers <= len(convolutions):
        raise ValueError(
            f"backbone.trainable_layers must be 'all' or within 0..{len(convolutions)}, got {trainable_layers!r}"
        )
    return convolutions[-trainable_layers] if trainable_layers else len(features)
