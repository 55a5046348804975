"""What the convolutional backbones share: features of which the last are trained, pooling, and an embedding block."""

import math
from typing import Unpack

import torch
from torch import Tensor, nn
from torch.nn import functional

from lightning_modules.backbones.embedding_block import BlockOptions, EmbeddingBlock
from lightning_modules.backbones.pooling import GridPool, LevelPool, build_pooling
from lightning_modules.checks import check_number, check_whole_number


class BackboneOptions(BlockOptions, total=False):
    """The options that all convolutional backbones share."""

    pooling: str
    pool_size: int
    colour_weight: float


class ConvolutionalBackbone(nn.Module):
    """Convolutional features, pooling and an embedding block; layers before the trained ones are frozen.

    Frozen means: no gradient, not in the optimiser, and always in evaluation mode.

    Args:
        features: The convolutional layers in order, a ReLU after each.
        trainable_layers: How many convolutional layers are trained, counted from the end; "all" trains every one.
        image_size: Side in pixels of the square crops that the network expects.
        pooling: "grid" for adaptive average pooling of the last map, "levels" for global average pooling of all layers,
            with the colours.
        pool_size: Side of the grid.
        colour_weight: With pooling "levels": the crop's colours stand beside the embedding with this weight, where the
            embedding has weight 1, so that it learns what colours do not show; 0 for the embedding alone.
        **embedding: Options of :class:`EmbeddingBlock`, which is always trained.

    Raises:
        ValueError: If trainable_layers is neither "all" nor within 0..number of convolutional layers, or an option of
            pooling, colours or embedding is out of its range.
    """

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
        super().__init__()
        split = _first_trained(features, trainable_layers)
        self.image_size = image_size
        self.frozen_depth = split
        self.features = features
        channels = [layer.out_channels for layer in features if isinstance(layer, nn.Conv2d)]
        self.pooling = build_pooling(pooling, channels, pool_size)
        self.colour_weight = _check_colours(colour_weight, self.pooling)
        self.embedding = EmbeddingBlock(self.pooling.out_features, **embedding)
        self.features[:split].requires_grad_(False).eval()

    @property
    def embedding_dim(self) -> int:
        """Width d of the embeddings."""
        colours = self.pooling.num_colours if self.colour_weight else 0
        return self.embedding.embedding_dim + colours

    @property
    def takes_sizes(self) -> bool:
        """Whether the sizes of the crops change their embeddings."""
        return self.embedding.size_input

    @property
    def counts_colours(self) -> bool:
        """Whether the colours of single pixels change the embeddings, which rounded images would change."""
        return bool(self.pooling.num_colours)

    @property
    def is_fixed(self) -> bool:
        """Whether no convolutional layer is trained, so that a crop always gives the same pooled features."""
        return self.frozen_depth == len(self.features)

    def train(self, mode: bool = True) -> "ConvolutionalBackbone":
        """Set the mode of the trained layers; the frozen ones stay in evaluation mode."""
        super().train(mode)
        self.features[: self.frozen_depth].eval()
        return self

    def feature_maps(self, images: Tensor) -> list[Tensor]:
        """Return the map after each convolutional layer's activation, each (n, c, h, w)."""
        return self._run(images, keep_levels=True)[0]

    def pooled_features(self, images: Tensor, sizes: Tensor) -> Tensor:
        """Return what the embedding's linear layer sees (n, f) of normalised images and relative log sizes."""
        levels, last = self._run(images, self.pooling.takes_levels)
        return self.embedding.inputs(self.pooling(images, levels, last), sizes)

    def forward(self, images: Tensor, sizes: Tensor) -> Tensor:
        """Return raw embeddings (n, d) of normalised images (n, 3, s, s) and relative log sizes (n, 2)."""
        return self.project(self.pooled_features(images, sizes))

    def project(self, pooled: Tensor) -> Tensor:
        """Return raw embeddings (n, d) of what :meth:`pooled_features` returned."""
        raw = self.embedding(pooled)
        if not self.colour_weight:
            return raw
        end = self.pooling.out_features
        colours = pooled[:, end - self.pooling.num_colours : end]
        return torch.cat([functional.normalize(raw), self.colour_weight**0.5 * colours], dim=1)

    def linear_embedding(self) -> nn.Linear:
        """Return the linear layer, where no activation or normalisation follows it.

        Raises:
            ValueError: If one does.
        """
        block = self.embedding
        if not (isinstance(block.activation, nn.Identity) and isinstance(block.normalization, nn.Identity)):
            raise ValueError(
                "LDA initialisation needs an embedding that is linear: "
                "type backbone.activation=none backbone.normalization=none"
            )
        return block.linear

    def _run(self, images: Tensor, keep_levels: bool) -> tuple[list[Tensor], Tensor]:
        """Return the maps after each activation, if they are asked for, and the last layer's."""
        levels = []
        for index, layer in enumerate(self.features):
            with torch.set_grad_enabled(torch.is_grad_enabled() and index >= self.frozen_depth):
                images = layer(images)
            if keep_levels and isinstance(layer, nn.ReLU) and isinstance(self.features[index - 1], nn.Conv2d):
                levels.append(images)
        return levels, images


def _first_trained(features: nn.Sequential, trainable_layers: int | str) -> int:
    """Return the index of the first trained layer of the sequence."""
    convolutions = [index for index, layer in enumerate(features) if isinstance(layer, nn.Conv2d)]
    if trainable_layers == "all":
        return 0
    most = len(convolutions)
    expected = f"'all' or within 0..{most}"
    count = check_whole_number("backbone.trainable_layers", trainable_layers, expected, lambda x: 0 <= x <= most)
    return convolutions[-count] if count else len(features)


def _check_colours(colour_weight: float, pooling: GridPool | LevelPool) -> float:
    """Return the weight if there are colours that it can be for."""
    check_number("backbone.colour_weight", colour_weight, "at least 0", lambda x: 0 <= x < math.inf)
    if colour_weight and not pooling.num_colours:
        raise ValueError(f"backbone.colour_weight={colour_weight} needs backbone.pooling=levels, which sees colours")
    return colour_weight
