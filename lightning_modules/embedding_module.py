"""The Lightning module: an embedder and a head, trained by the head's loss over the training products."""

import math
from collections.abc import Callable
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.utilities.types import OptimizerLRScheduler
from torch import Tensor

from lightning_modules.checks import check_choice, check_number
from lightning_modules.distributed import gather_batch
from lightning_modules.embedder import Embedder
from lightning_modules.feature_cache import build_feature_cache
from lightning_modules.feature_file import FeatureFile
from lightning_modules.heads.training_head import TrainingHead
from lightning_modules.parameter_groups import grouped_optimizer
from lightning_modules.protocols import Backbone, Metric, Preprocessing
from lightning_modules.recipe import Recipe
from lightning_modules.torch_file import check_weights

IGNORED = -1
MATMUL_PRECISIONS = ("highest", "high")


class EmbeddingModule(pl.LightningModule):
    """Trains the embedder through a head that is dropped afterwards.

    A batch is a dict of ``image`` (n, 3, s, s) uint8, ``size`` (n, 2), ``label`` (n,) with -1 for products that are
    no training class, ``index`` (n,), the crop's row in its table, and ``place`` (n,), its place in the batch of all
    processes.

    Args:
        backbone: From normalised images to raw embeddings.
        head: Head without its sizes: called with embedding_dim, num_classes and metric.
        metric: Similarity for head and clustering.
        optimizer: Optimiser without its parameters.
        preprocessing: From uint8 batch to network input.
        class_counts: Crops of each training product, (C,).
        class_weights: Weigh each product's loss by the inverse of its number of crops.
        scheduler: Learning-rate schedule, called with the optimiser and the training's number of steps and stepped
            after each; None for a constant rate.
        features_lr_factor: The backbone's convolutional features learn at this factor of the learning rate; below 1
            where they are pretrained and the rest is not.
        matmul_precision: "highest", or "high" to let a GPU multiply in tf32.
        compile_backend: torch.compile's backend for preprocessing and backbone, as "inductor"; None does not compile.
        cache_features: Compute what a fixed backbone sees of a training crop once, and keep it in memory; "auto" where
            it can be.
        feature_dir: With cache_features: folder where it is kept for later runs too, also of the validation's crops.
        recipe: What a checkpoint is to know of how it was made; None for a module that is used without one.

    Raises:
        ValueError: If the factor is not a positive number, matmul_precision is unknown, or features are to be kept that
            change from one epoch to the next.
    """

    loss_weights: Tensor | None

    def __init__(
        self,
        backbone: Backbone,
        head: Callable[..., TrainingHead],
        metric: Metric,
        optimizer: Callable[..., torch.optim.Optimizer],
        preprocessing: Preprocessing,
        class_counts: list[int],
        class_weights: bool = False,
        scheduler: Callable[..., torch.optim.lr_scheduler.LRScheduler] | None = None,
        features_lr_factor: float = 1.0,
        matmul_precision: str = "highest",
        compile_backend: str | None = None,
        cache_features: bool | str = False,
        feature_dir: str | None = None,
        recipe: Recipe | None = None,
    ) -> None:
        super().__init__()
        check_choice("module.matmul_precision", matmul_precision, MATMUL_PRECISIONS)
        self.matmul_precision, self.compile_backend = matmul_precision, compile_backend
        hint = "; backbone.trainable_layers=0 freezes the features of a pretrained backbone"
        self.features_lr_factor = check_number(
            "module.features_lr_factor", features_lr_factor, "a positive number", lambda x: 0 < x < math.inf, hint
        )
        self.embedder = Embedder(preprocessing, backbone, metric)
        self.feature_cache = build_feature_cache(cache_features, self.embedder, sum(class_counts))
        if self.feature_cache is not None and feature_dir is not None:
            self.embedder.feature_file = FeatureFile(feature_dir)
        self.head = head(embedding_dim=backbone.embedding_dim, num_classes=len(class_counts), metric=metric)
        self.optimizer = optimizer
        self.scheduler = scheduler
        self.recipe = recipe
        self.distance_threshold: float | None = None
        weights = _balanced_weights(class_counts) if class_weights else None
        self.register_buffer("loss_weights", weights, persistent=False)

    def setup(self, stage: str) -> None:
        """Set how exactly a GPU multiplies, and compile what runs on every batch, if it is asked for."""
        torch.set_float32_matmul_precision(self.matmul_precision)
        if self.compile_backend is not None:
            # In place, so that the names in a checkpoint stay.
            for part in ("preprocessing", "backbone"):
                self.embedder.get_submodule(part).compile(backend=self.compile_backend)

    def training_step(self, batch: dict[str, Tensor], batch_index: int) -> Tensor:
        """Return the loss of the batch, of all processes together."""
        _, raw, labels = gather_batch(self, batch["index"], self._raw(batch, batch_index), batch["label"])
        with _full_precision(raw):
            raw = raw.float()
            loss = self.head.loss(raw, labels, self.loss_weights)
            self._log_scores("train", loss, self.head(raw.detach()), labels)
        return loss

    def validation_step(self, batch: dict[str, Tensor], batch_index: int) -> dict[str, Tensor]:
        """Return embeddings, predicted classes and rows of all processes; log the scores of known products."""
        raw = self.embedder.raw(batch["image"], batch["size"])
        index, raw, labels, sizes = gather_batch(self, batch["index"], raw, batch["label"], batch["size"])
        with _full_precision(raw):
            raw = raw.float()
            logits = self.head(raw)
            known = labels != IGNORED
            if known.any():
                loss = self.head.loss(raw[known], labels[known])
                self._log_scores("val", loss, logits[known], labels[known])
            embedding = self.embedder.metric.to_embedding(raw, sizes)
            return {"embedding": embedding, "predicted": logits.argmax(1), "index": index}

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """Return the optimiser over what is trained, and its schedule if there is one."""
        optimizer = grouped_optimizer(self, self.optimizer, self.features_lr_factor)
        if self.scheduler is None:
            return optimizer
        schedule = self.scheduler(optimizer, steps=self.trainer.estimated_stepping_batches)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Add the recipe, so that the checkpoint alone is enough to embed and group."""
        if self.recipe is not None:
            checkpoint["recipe"] = self.recipe.to_plain()

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Check that the weights of a run that goes on are those of this network and these products."""
        check_weights(checkpoint["state_dict"], self.state_dict(), str(self.trainer.ckpt_path))

    def keep_distance_threshold(self, threshold: float) -> None:
        """Keep the threshold that the clustering was fitted to, for callbacks and checkpoints from now on."""
        self.distance_threshold = threshold
        if self.recipe is not None:
            self.recipe.set_distance_threshold(threshold)

    def pooled_features(self, batch: dict[str, Tensor]) -> Tensor:
        """Return what the embedding's linear layer sees (n, f) of training crops, kept or computed."""

        def compute(places: Tensor) -> Tensor:
            images = self.embedder.preprocessing(batch["image"][places])
            return self.embedder.pooled(images, batch["size"][places])

        if self.feature_cache is None:
            return compute(torch.arange(len(batch["index"])))
        return self.feature_cache.of(batch["index"], compute)

    def _raw(self, batch: dict[str, Tensor], step: int) -> Tensor:
        """Return the raw embeddings (n, d) of training crops."""
        if self.feature_cache is None:
            uniforms = self.embedder.preprocessing.uniforms(self.current_epoch, step, batch["place"])
            return self.embedder.raw(batch["image"], batch["size"], uniforms)
        return self.embedder.backbone.project(self.pooled_features(batch))

    def _log_scores(self, stage: str, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        count = len(labels)
        accuracy = (logits.argmax(1) == labels).float().mean()
        values = {"loss": loss, "loss_above_floor": loss - self.head.loss_floor(), "accuracy": accuracy}
        named = {f"{stage}/{name}": value.detach() for name, value in values.items()}
        self.log_dict(named, on_step=False, on_epoch=True, batch_size=count, sync_dist=True)


def _full_precision(values: Tensor) -> torch.autocast:
    """Return a context without mixed precision: cosines near 1 and log-sums need more than bfloat16's 3 digits."""
    return torch.autocast(values.device.type, enabled=False)


def _balanced_weights(class_counts: list[int]) -> Tensor:
    """Return weights (C,) proportional to 1 / count whose mean over the crops is 1."""
    counts = torch.tensor(class_counts, dtype=torch.float32)
    return counts.sum() / (len(class_counts) * counts)
