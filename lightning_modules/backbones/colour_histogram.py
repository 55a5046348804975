"""A baseline without learning: the colour histogram of a crop."""

from torch import Tensor, nn

from lightning_modules.backbones.colours import joint_histogram

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

    takes_sizes = False
    counts_colours = True
    # Nothing is trained.
    is_fixed = True

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
        """Return no maps: there are no convolutional layers."""
        return []

    def forward(self, images: Tensor, sizes: Tensor) -> Tensor:
        """Return raw embeddings (n, bins^3) of normalised images (n, 3, s, s)."""
        return self.pooled_features(images, sizes)

    def project(self, pooled: Tensor) -> Tensor:
        """Return the histograms (n, bins^3) as they are."""
        return pooled

    def linear_embedding(self) -> nn.Linear:
        """Raise a ValueError: there is no layer."""
        raise ValueError("LDA initialisation needs a backbone with an embedding layer, and colour_histogram has none")

    def pooled_features(self, images: Tensor, sizes: Tensor) -> Tensor:
        """Return histograms (n, bins^3) of normalised images (n, 3, s, s); the sizes (n, 2) are not used."""
        scaled = (images - LOWEST) / (HIGHEST - LOWEST)
        return joint_histogram(scaled.unbind(1), [self.bins] * 3)
