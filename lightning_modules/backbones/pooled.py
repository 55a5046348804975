"""What the backbones of pretrained and trained networks share: maps, their pooling, and an embedding block."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Unpack

import torch
from torch import Tensor, nn
from torch.nn import functional

from lightning_modules.backbones.embedding_block import BlockOptions, EmbeddingBlock
from lightning_modules.backbones.pooling import GridPool, LevelPool
from lightning_modules.checks import check_number, check_whole_number

# The maps of many crops of a deep network take gigabytes, and asking for these longer than filling them.
CROPS_AT_ONCE = 8


class BackboneOptions(BlockOptions, total=False):
    """The options that all these backbones share."""

    pooling: str
    pool_size: int
    colour_weight: float


class PooledBackbone(nn.Module, ABC):
    """Maps of a network's levels, pooled to one row of numbers, and an embedding block. A subclass gives the maps.

    Args:
        features: What gives the maps; which of its parameters are trained is decided.
        channels: Channels of every level's map.
        image_size: Side in pixels of the square crops that the network expects.
        pooling: From the maps to one row of numbers.
        colour_weight: With levels: the crop's colours stand beside the embedding with this weight, where the embedding
            has weight 1, so that it learns what colours do not show; 0 for the embedding alone.
        **embedding: Options of :class:`EmbeddingBlock`, which is always trained.

    Raises:
        ValueError: If an option of colours or embedding is out of its range.
    """

    # Where nothing is trained, on a CPU; None for all of a batch.
    crops_at_once: int | None = None

    def __init__(
        self,
        features: nn.Module,
        channels: Sequence[int],
        image_size: int,
        pooling: GridPool | LevelPool,
        colour_weight: float = 0.0,
        **embedding: Unpack[BlockOptions],
    ) -> None:
        super().__init__()
        self.image_size = image_size
        self.channels = list(channels)
        self.features = features
        self.pooling = pooling
        self.colour_weight = _check_colours(colour_weight, pooling)
        self.embedding = EmbeddingBlock(pooling.out_features, **embedding)

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
        """Whether no layer before the embedding is trained, so that a crop always gives the same pooled features."""
        return not any(parameter.requires_grad for parameter in self.features.parameters())

    @abstractmethod
    def run_features(self, images: Tensor, keep_levels: bool) -> tuple[list[Tensor], Tensor]:
        """Return the maps of all levels, if they are asked for, and the last one, each (n, c, h, w)."""

    def feature_maps(self, images: Tensor) -> list[Tensor]:
        """Return the map of each level, after its activation where it has one, each (n, c, h, w)."""
        return self.run_features(images, keep_levels=True)[0]

    def pooled_features(self, images: Tensor, sizes: Tensor) -> Tensor:
        """Return what the embedding's linear layer sees (n, f) of normalised images and relative log sizes."""
        groups = images.split(self.crops_at_once) if self.crops_at_once and _is_inference(images) else [images]
        pooled = [self.pooling(group, *self.run_features(group, self.pooling.takes_levels)) for group in groups]
        return self.embedding.inputs(pooled[0] if len(pooled) == 1 else torch.cat(pooled), sizes)

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


def _is_inference(images: Tensor) -> bool:
    """Return whether crops may be seen in groups: on a CPU, without gradients, and in no graph."""
    return images.device.type == "cpu" and not torch.is_grad_enabled() and not torch.compiler.is_compiling()


def check_trainable(trainable_layers: int | str, most: int) -> int:
    """Return how many layers, counted from the end, are trained.

    Raises:
        ValueError: If it is neither "all" nor within 0..most.
    """
    if trainable_layers == "all":
        return most
    expected = f"'all' or within 0..{most}"
    return check_whole_number("backbone.trainable_layers", trainable_layers, expected, lambda x: 0 <= x <= most)


def _check_colours(colour_weight: float, pooling: GridPool | LevelPool) -> float:
    """Return the weight if there are colours that it can be for."""
    check_number("backbone.colour_weight", colour_weight, "at least 0", lambda x: 0 <= x < math.inf)
    if colour_weight and not pooling.num_colours:
        raise ValueError(f"backbone.colour_weight={colour_weight} needs backbone.pooling=levels, which sees colours")
    return colour_weight
