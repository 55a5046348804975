"""A sequence of convolutional layers of which the last are trained, with pooling and embedding behind it."""

from typing import Unpack

from torch import Tensor, nn

from lightning_modules.backbones.embedding_block import BlockOptions
from lightning_modules.backbones.pooled import PooledBackbone, check_trainable
from lightning_modules.backbones.pooling import build_pooling


class ConvolutionalBackbone(PooledBackbone):
    """Convolutional features, pooling and an embedding block; layers before the trained ones are frozen.

    Frozen means: no gradient, not in the optimiser, and always in evaluation mode.

    Args:
        features: The convolutional layers in order, a ReLU after each.
        trainable_layers: How many convolutional layers are trained, counted from the end; "all" trains every one.
        image_size: Side in pixels of the square crops that the network expects.
        pooling: "grid" for adaptive average pooling of the last map, "levels" for global average pooling of all layers,
            with the colours.
        pool_size: Side of the grid.
        colour_weight: See :class:`PooledBackbone`.
        **embedding: Options of :class:`EmbeddingBlock`, which is always trained.

    Raises:
        ValueError: If trainable_layers is neither "all" nor within 0..number of convolutional layers, or an option of
            pooling, colours or embedding is out of its range.
    """

    features: nn.Sequential

    def __init__(
        self,
        features: nn.Sequential,
        trainable_layers: int | str,
        image_size: int,
        pooling: str = "grid",
        pool_size: int = 6,
        colour_weight: float = 0.0,
        **embedding: Unpack[BlockOptions],
    ) -> None:
        split = _first_trained(features, trainable_layers)
        channels = [layer.out_channels for layer in features if isinstance(layer, nn.Conv2d)]
        super().__init__(
            features, channels, image_size, build_pooling(pooling, channels, pool_size), colour_weight, **embedding
        )
        self.frozen_depth = split
        self.features[:split].requires_grad_(False).eval()

    def train(self, mode: bool = True) -> "ConvolutionalBackbone":
        """Set the mode of the trained layers; the frozen ones stay in evaluation mode."""
        super().train(mode)
        self.features[: self.frozen_depth].eval()
        return self

    def run_features(self, images: Tensor, keep_levels: bool) -> tuple[list[Tensor], Tensor]:
        """Return the maps after each activation, if they are asked for, and the last layer's."""
        levels = []
        for index, layer in enumerate(self.features):
            images = layer(images)
            if keep_levels and isinstance(layer, nn.ReLU) and isinstance(self.features[index - 1], nn.Conv2d):
                levels.append(images)
        return levels, images


def _first_trained(features: nn.Sequential, trainable_layers: int | str) -> int:
    """Return the index of the first trained layer of the sequence."""
    convolutions = [index for index, layer in enumerate(features) if isinstance(layer, nn.Conv2d)]
    if trainable_layers == "all":
        return 0
    count = check_trainable(trainable_layers, len(convolutions))
    return convolutions[-count] if count else len(features)
