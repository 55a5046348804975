"""What the callbacks need of a training's photos and of its model; both are met here and nowhere else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import pytorch_lightning as pl
from numpy.typing import NDArray
from pytorch_lightning.utilities.types import STEP_OUTPUT
from torch import Tensor, nn

from analysis.clustering.protocols import Clusterer

Batch = dict[str, Tensor]


class Scene(Protocol):
    """The detections of one photo; see ``datamodules.scene.Scene``."""

    @property
    def name(self) -> str:
        """What the scene is called in logs."""

    @property
    def photo(self) -> Path | None:
        """The photo's file, where it is at hand."""

    @property
    def boxes(self) -> NDArray[np.float32] | None:
        """Boxes in the photo (n, 4), where it is at hand."""

    @property
    def labels(self) -> NDArray[np.int64] | None:
        """Product of each detection (n,), where they are known."""

    @property
    def source(self) -> str:
        """Name of the data source, where there are several; else empty."""

    def __len__(self) -> int:
        """Return the number of detections."""


class Crops(Protocol):
    """Decoded crops."""

    labels: Tensor

    def __getitem__(self, rows: Sequence[int] | NDArray[np.int64]) -> Batch:
        """Return the crops of these rows as one batch."""

    def __len__(self) -> int:
        """Return the number of crops."""


class PhotoData(Protocol):
    """The crops and photos of a training; see ``datamodules.crop_datamodule.CropDataModule``."""

    training: Crops
    validation: Crops

    @property
    def scenes(self) -> Sequence[Scene]:
        """Validation scenes; their crops are the first rows of the validation crops, in order."""

    @property
    def class_names(self) -> list[str]:
        """Names of the training products."""

    def seen(self, products: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which products (n,) are training classes."""

    def pixels_of(self, photo: Path) -> NDArray[np.uint8]:
        """Return a scene's photo (h, w, 3) as its boxes count its pixels."""

    def describe_validation(self, rows: NDArray[np.int64]) -> list[list[str]]:
        """Return the names of product and scene of validation crops."""

    def training_scenes(self, count: int) -> list[Batch]:
        """Return whole training photos of about ``count`` crops together, a batch each."""

    def training_sample(self, count: int) -> Batch:
        """Return one batch of at most ``count`` training crops."""


class Metric(Protocol):
    """How embeddings are compared."""

    @property
    def name(self) -> str:
        """Its name among the metrics of the clustering."""


class Backbone(Protocol):
    """The network; see ``lightning_modules.protocols.Backbone``."""

    @property
    def image_size(self) -> int:
        """Side in pixels of the crops that it expects."""

    def linear_embedding(self) -> nn.Linear:
        """Return the embedding's layer where it is linear; a ValueError says what to type where it is not."""

    def project(self, pooled: Tensor) -> Tensor:
        """Return raw embeddings (n, d) of pooled features (n, f)."""


class Embedder(Protocol):
    """From crops to embeddings; see ``lightning_modules.embedder.Embedder``."""

    @property
    def backbone(self) -> Backbone:
        """The network."""

    @property
    def metric(self) -> Metric:
        """How its embeddings are compared."""

    def embed(self, batches: Iterable[tuple[Tensor, Tensor]]) -> Tensor:
        """Return embeddings (n, d) of batches of images and relative sizes."""

    def feature_maps(self, images: Tensor) -> list[Tensor]:
        """Return the maps of each convolutional layer of uint8 crops."""


class Head(Protocol):
    """The training head; see ``lightning_modules.heads.training_head.TrainingHead``."""

    def initialize_anchors(self, embeddings: Tensor, labels: Tensor) -> None:
        """Start the anchors from labelled embeddings, where the head has some that can."""


class TrainedModel(Protocol):
    """What is trained; see ``lightning_modules.embedding_module.EmbeddingModule``."""

    distance_threshold: float | None

    @property
    def embedder(self) -> Embedder:
        """What remains after the training."""

    @property
    def head(self) -> Head:
        """What is dropped after the training."""

    def pooled_features(self, batch: Batch) -> Tensor:
        """Return what the embedding's layer sees (n, f) of training crops."""

    def keep_distance_threshold(self, threshold: float) -> None:
        """Keep the threshold of the clustering, for callbacks and checkpoints from now on."""


# Called with the metric alone: ``clustering(metric="cosine")``.
Clustering = Callable[..., Clusterer]


def photos_of(trainer: pl.Trainer) -> PhotoData:
    """Return the photos that a trainer trains on."""
    # Lightning sets the attribute and does not declare it.
    return cast(PhotoData, trainer.datamodule)  # type: ignore[attr-defined]


def model_of(pl_module: pl.LightningModule) -> TrainedModel:
    """Return the module as what the callbacks know of it."""
    return cast(TrainedModel, pl_module)


def tensors_of(outputs: STEP_OUTPUT) -> Mapping[str, Tensor]:
    """Return what a step of training or validation handed out."""
    return cast(Mapping[str, Tensor], outputs)
