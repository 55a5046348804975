"""A baseline without learning: the colour histogram of a crop."""

import torch
from torch import Tensor, nn

# Normalised pixels of ImageNet's mean and deviation lie within this range.
LOWEST, HIGHEST = -2.2, 2.7


class ColourHistogram(nn.Module):
    """Joint histogram of the three channels; the square root makes cosine the Bhattacharyya coefficient.

    Args:
        bins: Bins per channel, at least 2; the embedding has bins^3 numbers.
        image_size: Side in pixels of the square crops.

    Raises:
        ValueError: If there are fewer than 2 bins.
    """

    def __init__(self, bins: int = 8, image_size: int = 128) -> None:
        super().__init__()
        if bins < 2:
            raise ValueError(f"backbone.bins must be at least 2, got {bins}")
        self.bins = bins
        self.image_size = image_size

    @property
    def embedding_dim(self) -> int:
        """Width d of the embeddings."""
        return self.bins**3

    def feature_maps(self, images: Tensor) -> list[Tensor]:
        """Returns no maps: there are no convolutional layers."""
        return []

    def forward(self, images: Tensor, sizes: Tensor) -> Tensor:
        """Returns histograms (n, bins^3) of normalised images (n, 3, s, s); the sizes (n, 2) are not used."""
        scaled = (images - LOWEST) / (HIGHEST - LOWEST) * self.bins
        levels = scaled.long().clamp(0, self.bins - 1).flatten(2)
        places = (levels[:, 0] * self.bins + levels[:, 1]) * self.bins + levels[:, 2]
        counts = torch.zeros(len(images), self.embedding_dim, device=images.device)
        counts.scatter_add_(1, places, torch.ones_like(places, dtype=counts.dtype))
        return (counts / places.shape[1]).sqrt()
