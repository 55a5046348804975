"""The last block of every backbone: from a feature map to one embedding."""

import torch
from torch import Tensor, nn

ACTIVATIONS = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU, "tanh": nn.Tanh, "none": nn.Identity}
NORMALIZATIONS = {"layer": nn.LayerNorm, "batch": nn.BatchNorm1d, "none": nn.Identity}


class EmbeddingBlock(nn.Module):
    """Adaptive average pool, linear layer, activation, normalisation.

    Args:
        in_channels: Channels of the feature map.
        embedding_dim: Width d of the embedding.
        pool_size: The map is pooled to pool_size x pool_size.
        activation: One of sigmoid, relu, tanh, none.
        normalization: One of layer, batch, none.
        size_input: Also feed the crop's relative width and height (two numbers) to the linear layer.

    Raises:
        ValueError: If a size is below 1 or a name is unknown.
    """

    def __init__(
        self,
        in_channels: int,
        embedding_dim: int = 32,
        pool_size: int = 6,
        activation: str = "sigmoid",
        normalization: str = "layer",
        size_input: bool = False,
    ) -> None:
        super().__init__()
        if embedding_dim < 1 or pool_size < 1:
            raise ValueError(f"embedding_dim and pool_size must be at least 1, got {embedding_dim} and {pool_size}")
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation must be one of {sorted(ACTIVATIONS)}, got {activation!r}")
        if normalization not in NORMALIZATIONS:
            raise ValueError(f"normalization must be one of {sorted(NORMALIZATIONS)}, got {normalization!r}")
        self.size_input = size_input
        self.embedding_dim = embedding_dim
        self.pool = nn.AdaptiveAvgPool2d(pool_size)
        self.linear = nn.Linear(in_channels * pool_size**2 + (2 if size_input else 0), embedding_dim)
        self.activation = ACTIVATIONS[activation]()
        self.normalization = NORMALIZATIONS[normalization](embedding_dim)

    def forward(self, features: Tensor, sizes: Tensor) -> Tensor:
        """Returns embeddings (n, d) of feature maps (n, c, h, w) and relative log sizes (n, 2)."""
        flat = self.pool(features).flatten(1)
        if self.size_input:
            flat = torch.cat([flat, sizes.to(flat.dtype)], dim=1)
        return self.normalization(self.activation(self.linear(flat)))
