"""What remains after training: from crops to embeddings, without head and without Lightning."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from lightning_modules.feature_file import FeatureFile
from lightning_modules.protocols import Backbone, Metric, Preprocessing


class Embedder(nn.Module):
    """Preprocessing, backbone and metric in one: uint8 crops in, embeddings ready to be clustered out.

    Args:
        preprocessing: From a uint8 batch to the network's input.
        backbone: From input images and relative sizes to raw embeddings.
        metric: Says how embeddings are compared.
    """

    def __init__(self, preprocessing: Preprocessing, backbone: Backbone, metric: Metric) -> None:
        super().__init__()
        self.preprocessing: Preprocessing = preprocessing
        self.backbone: Backbone = backbone
        self.metric: Metric = metric
        self.feature_file: FeatureFile | None = None
        self.register_load_state_dict_pre_hook(lambda _, state, prefix, *__: take_former_names(state, prefix))

    def raw(self, images: Tensor, sizes: Tensor, uniforms: Tensor | None = None) -> Tensor:
        """Return the backbone's embeddings (n, d) as the head takes them.

        Args:
            images: uint8 crops (n, 3, s, s).
            sizes: Relative log width and height of each crop (n, 2).
            uniforms: What augments each crop, as the preprocessing returns it; None for no augmentation.

        Raises:
            ValueError: If the crops are of another size than the backbone expects.
        """
        if images.shape[-1] != self.backbone.image_size:
            raise ValueError(
                f"the crops are of resize.image_size={images.shape[-1]}, but the backbone expects "
                f"{self.backbone.image_size}"
            )
        normalized = self.preprocessing(images, uniforms, self._input_dtype(images.device.type))
        if self.feature_file is None:
            return self.backbone(normalized, sizes)
        return self.backbone.project(self.pooled(normalized, sizes))

    def pooled(self, normalized: Tensor, sizes: Tensor) -> Tensor:
        """Return what the embedding's layer sees (n, f) of normalised crops, from the file where there is one."""
        if self.feature_file is None:
            return self.backbone.pooled_features(normalized, sizes)
        return self.feature_file.of(self.backbone, normalized, sizes)

    def forward(self, images: Tensor, sizes: Tensor) -> Tensor:
        """Return embeddings as the metric compares them, (n, d), or (n, d + 4) where the sizes of boxes count.

        Args:
            images: uint8 crops (n, 3, s, s).
            sizes: Relative log width and height of each crop (n, 2).
        """
        return self.metric.to_embedding(self.raw(images, sizes), sizes)

    @property
    def takes_sizes(self) -> bool:
        """Whether the sizes of the crops change their embeddings."""
        return self.metric.takes_sizes or self.backbone.takes_sizes

    @torch.inference_mode()
    def embed(self, batches: Iterable[tuple[Tensor, Tensor]]) -> Tensor:
        """Return the float32 embeddings of all batches of (images, sizes), one row a crop, in evaluation mode."""
        self.eval()
        # A buffer, for a backbone may have no parameters.
        device = next(self.buffers()).device
        rows = [self(images.to(device), sizes.to(device)).float().cpu() for images, sizes in batches]
        return torch.cat(rows) if rows else torch.zeros(0, self.backbone.embedding_dim)

    @torch.inference_mode()
    def feature_maps(self, images: Tensor) -> list[Tensor]:
        """Return the map (n, c, h, w) of each convolutional layer of uint8 crops, in evaluation mode."""
        self.eval()
        return self.backbone.feature_maps(self.preprocessing(images))

    def _input_dtype(self, device: str) -> torch.dtype:
        """Return what convolutions would convert their input to, unless the backbone counts exact colours in it."""
        if self.backbone.counts_colours or not torch.is_autocast_enabled(device):
            return torch.float32
        return torch.get_autocast_dtype(device)


def take_former_names(state: dict[str, Tensor], prefix: str = "") -> None:
    """Rename, in place, what older checkpoints hold of the preprocessing, which they call a transform."""
    former = f"{prefix}transform."
    for name in [name for name in state if name.startswith(former)]:
        state[f"{prefix}preprocessing.{name.removeprefix(former)}"] = state.pop(name)
