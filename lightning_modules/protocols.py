"""What the parts of an embedder must offer; any module that does can be one.

``tests/lightning_modules/test_protocols.py`` asks every option of ``conf/backbone``, ``conf/metric`` and
``conf/preprocessing``.
"""

from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn


@runtime_checkable
class Preprocessing(Protocol):
    """From a batch of uint8 crops to the network's input."""

    @property
    def augments(self) -> bool:
        """Whether training crops are changed at random."""

    def uniforms(self, epoch: int, step: int, places: Tensor) -> Tensor | None:
        """Return the random numbers that augment a training batch (m, k); None where nothing is augmented."""

    def __call__(self, images: Tensor, uniforms: Tensor | None = None, dtype: torch.dtype = torch.float32, /) -> Tensor:
        """Return the network's input (n, 3, s, s) of uint8 crops, augmented where there are random numbers."""


@runtime_checkable
class Metric(Protocol):
    """How embeddings are compared: a similarity, higher is more alike."""

    @property
    def name(self) -> str:
        """Name of the same metric in the clustering."""

    @property
    def takes_sizes(self) -> bool:
        """Whether the sizes of boxes count when crops are compared."""

    def normalize(self, embeddings: Tensor) -> Tensor:
        """Return raw embeddings (n, d) as they are compared with anchors, (n, d)."""

    def to_embedding(self, raw: Tensor, sizes: Tensor) -> Tensor:
        """Return raw embeddings (n, d) as they are clustered, beside relative log sizes (n, 2)."""

    def __call__(self, embeddings: Tensor, anchors: Tensor, /) -> Tensor:
        """Return the similarity (n, C) of embeddings (n, d) to anchors (C, d)."""


@runtime_checkable
class Backbone(Protocol):
    """From normalised crops to raw embeddings, by way of pooled features."""

    @property
    def embedding_dim(self) -> int:
        """Width d of the embeddings."""

    @property
    def image_size(self) -> int:
        """Side in pixels of the square crops that it expects."""

    @property
    def takes_sizes(self) -> bool:
        """Whether the sizes of the crops change their embeddings."""

    @property
    def counts_colours(self) -> bool:
        """Whether the colours of single pixels count, so that its input must not be rounded."""

    @property
    def is_fixed(self) -> bool:
        """Whether the pooled features of a crop stay the same throughout a training."""

    def pooled_features(self, images: Tensor, sizes: Tensor) -> Tensor:
        """Return what the embedding's layer sees (n, f) of normalised crops (n, 3, s, s) and log sizes (n, 2)."""

    def project(self, pooled: Tensor) -> Tensor:
        """Return raw embeddings (n, d) of pooled features (n, f)."""

    def __call__(self, images: Tensor, sizes: Tensor, /) -> Tensor:
        """Return raw embeddings (n, d): both of the above in one."""

    def feature_maps(self, images: Tensor) -> list[Tensor]:
        """Return the map (n, c, h, w) of each convolutional layer; none where there is no such layer."""

    def linear_embedding(self) -> nn.Linear:
        """Return the embedding's layer, if a linear layer is all that it is; else raise a ValueError."""
