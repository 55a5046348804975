"""What remains after training: from crops to embeddings, without head and without Lightning."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn


class Embedder(nn.Module):
    """Transform, backbone and metric in one: uint8 crops in, embeddings ready to be clustered out.

    Args:
        transform: From a uint8 batch to the network's input.
        backbone: From input images and relative sizes to raw embeddings.
        metric: Says how embeddings are compared.

    Raises:
        ValueError: If the transform makes crops of another size than the backbone expects.
    """

    def __init__(self, transform: nn.Module, backbone: nn.Module, metric: nn.Module) -> None:
        super().__init__()
        if transform.image_size != backbone.image_size:
            raise ValueError(
                f"transform.image_size is {transform.image_size}, but the backbone expects {backbone.image_size}"
            )
        self.transform: Any = transform
        self.backbone: Any = backbone
        self.metric: Any = metric

    def raw(self, images: Tensor, sizes: Tensor, draws: Tensor | None = None) -> Tensor:
        """Returns the backbone's embeddings (n, d) as the head takes them; ``draws`` decide the augmentation."""
        return self.backbone(self.transform(images, draws, self._input_dtype(images.device.type)), sizes)

    def forward(self, images: Tensor, sizes: Tensor) -> Tensor:
        """Returns embeddings as the metric compares them, (n, d), or (n, d + 4) where the sizes of boxes count.

        Args:
            images: uint8 crops (n, 3, s, s).
            sizes: Relative log width and height of each crop (n, 2).
        """
        return self.metric.compared(self.raw(images, sizes), sizes)

    @property
    def takes_sizes(self) -> bool:
        """Whether the sizes of the crops change their embeddings."""
        return self.metric.takes_sizes or self.backbone.takes_sizes

    @torch.inference_mode()
    def embed(self, batches: Iterator[tuple[Tensor, Tensor]]) -> Tensor:
        """Returns the float32 embeddings of all batches of (images, sizes), one row a crop, in evaluation mode."""
        self.eval()
        # A buffer, for a backbone may have no parameters.
        device = next(self.transform.buffers()).device
        rows = [self(images.to(device), sizes.to(device)).float().cpu() for images, sizes in batches]
        return torch.cat(rows) if rows else torch.zeros(0, self.backbone.embedding_dim)

    def _input_dtype(self, device: str) -> torch.dtype:
        """Returns what convolutions would convert their input to, unless the backbone counts exact colours in it."""
        if self.backbone.counts_colours or not torch.is_autocast_enabled(device):
            return torch.float32
        return torch.get_autocast_dtype(device)
