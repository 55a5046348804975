"""What all backbones share: convolutional features of which the last are trained, pooling, and an embedding block."""

from typing import Any

import torch
from torch import Tensor, nn

from lightning_modules.backbones.embedding_block import EmbeddingBlock
from lightning_modules.backbones.pooling import build_pooling


class ConvolutionalBackbone(nn.Module):
    """Convolutional features, pooling and an embedding block; layers before the trained ones are frozen.

    Frozen means: no gradient, not in the optimiser, and always in evaluation mode.

    Args:
        features: The convolutional layers in order, a ReLU after each.
        trainable_layers: How many convolutional layers are trained, counted from the end; "all" trains every one.
        image_size: Side in pixels of the square crops that the network expects.
        pooling: "grid" for the last map on a grid, "levels" for the means of all layers and the colours.
        pool_size: Side of the grid.
        **embedding: Options of :class:`EmbeddingBlock`, which is always trained.

    Raises:
        ValueError: If trainable_layers is neither "all" nor within 0..number of convolutional layers, or an option of
            pooling or embedding is out of its range.
    """

    def __init__(
        self,
        features: nn.Sequential,
        trainable_layers: int | str,
        image_size: int,
        pooling: str = "grid",
        pool_size: int = 6,
        **embedding: Any,
    ) -> None:
        super().__init__()
        split = _first_trained(features, trainable_layers)
        self.image_size = image_size
        self.frozen_depth = split
        self.features = features
        channels = [layer.out_channels for layer in features if isinstance(layer, nn.Conv2d)]
        self.pooling = build_pooling(pooling, channels, pool_size)
        self.embedding = EmbeddingBlock(self.pooling.out_features, **embedding)
        self.features[:split].requires_grad_(False).eval()

    @property
    def embedding_dim(self) -> int:
        """Width d of the embeddings."""
        return self.embedding.embedding_dim

    @property
    def takes_sizes(self) -> bool:
        """Whether the sizes of the crops change their embeddings."""
        return self.embedding.size_input

    @property
    def is_fixed(self) -> bool:
        """Whether no convolutional layer is trained, so that a crop always gives the same pooled features."""
        return self.frozen_depth == len(self.features)

    def train(self, mode: bool = True) -> "ConvolutionalBackbone":
        """Sets the mode of the trained layers; the frozen ones stay in evaluation mode."""
        super().train(mode)
        self.features[: self.frozen_depth].eval()
        return self

    def feature_maps(self, images: Tensor) -> list[Tensor]:
        """Returns the map after each convolutional layer's activation, each (n, c, h, w)."""
        return self._run(images, keep_levels=True)[0]

    def pooled(self, images: Tensor, sizes: Tensor) -> Tensor:
        """Returns what the embedding's linear layer sees (n, f) of normalised images and relative log sizes."""
        levels, last = self._run(images, self.pooling.takes_levels)
        return self.embedding.inputs(self.pooling(images, levels, last), sizes)

    def forward(self, images: Tensor, sizes: Tensor) -> Tensor:
        """Returns raw embeddings (n, d) of normalised images (n, 3, s, s) and relative log sizes (n, 2)."""
        return self.embedding(self.pooled(images, sizes))

    def _run(self, images: Tensor, keep_levels: bool) -> tuple[list[Tensor], Tensor]:
        """Returns the maps after each activation, if they are asked for, and the last layer's."""
        levels = []
        for index, layer in enumerate(self.features):
            with torch.set_grad_enabled(torch.is_grad_enabled() and index >= self.frozen_depth):
                images = layer(images)
            if keep_levels and isinstance(layer, nn.ReLU) and isinstance(self.features[index - 1], nn.Conv2d):
                levels.append(images)
        return levels, images


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
