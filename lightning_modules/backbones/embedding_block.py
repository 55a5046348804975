"""The last block of every backbone: from pooled features to one embedding."""

from typing import TypedDict

import torch
from torch import Tensor, nn

from lightning_modules.checks import check_choice

ACTIVATIONS = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU, "tanh": nn.Tanh, "none": nn.Identity}
NORMALIZATIONS = {"layer": nn.LayerNorm, "batch": nn.BatchNorm1d, "none": nn.Identity}


class BlockOptions(TypedDict, total=False):
    """The options of :class:`EmbeddingBlock`."""

    embedding_dim: int
    activation: str
    normalization: str
    size_input: bool


class EmbeddingBlock(nn.Module):
    """Linear layer, activation, normalisation.

    Args:
        in_features: Numbers that pooling leaves of a crop.
        embedding_dim: Width d of the embedding.
        activation: One of sigmoid, relu, tanh, none.
        normalization: One of layer, batch, none.
        size_input: Also feed the crop's relative width and height (two numbers) to the linear layer.

    Raises:
        ValueError: If a size is below 1 or a name is unknown.
    """

    def __init__(
        self,
        in_features: int,
        embedding_dim: int = 32,
        activation: str = "sigmoid",
        normalization: str = "layer",
        size_input: bool = False,
    ) -> None:
        super().__init__()
        if embedding_dim < 1:
            raise ValueError(f"embedding_dim must be at least 1, got {embedding_dim}")
        check_choice("backbone.activation", activation, ACTIVATIONS)
        check_choice("backbone.normalization", normalization, NORMALIZATIONS)
        self.size_input = size_input
        self.embedding_dim = embedding_dim
        self.linear = nn.Linear(in_features + (2 if size_input else 0), embedding_dim)
        self.activation = ACTIVATIONS[activation]()
        self.normalization = NORMALIZATIONS[normalization](embedding_dim)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return embeddings (n, d) of what :meth:`inputs` put together."""
        return self.normalization(self.activation(self.linear(inputs)))

    def inputs(self, pooled: Tensor, sizes: Tensor) -> Tensor:
        """Return what the linear layer sees of pooled features (n, f) and relative log sizes: (n, f) or (n, f + 2)."""
        return torch.cat([pooled, sizes.to(pooled.dtype)], dim=1) if self.size_input else pooled
