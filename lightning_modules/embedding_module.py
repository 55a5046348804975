"""The Lightning module: an embedder and a head, trained by the head's loss over the training products."""

from collections.abc import Callable
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor, nn

from lightning_modules.embedder import Embedder
from lightning_modules.heads.training_head import TrainingHead

IGNORED = -1


class EmbeddingModule(pl.LightningModule):
    """Trains the embedder through a head that is dropped afterwards.

    A batch is a dict of ``image`` (n, 3, s, s) uint8, ``size`` (n, 2), ``label`` (n,) with -1 for products that are
    no training class, ``index`` (n,), the crop's row in its table, and ``draws`` where the transform augments.

    Args:
        backbone: From normalised images to raw embeddings.
        head: Head without its sizes: called with embedding_dim, num_classes and metric.
        metric: Similarity for head and clustering.
        optimizer: Optimiser without its parameters.
        transform: From uint8 batch to network input.
        class_counts: Crops of each training product, (C,).
        class_weights: Weigh each product's loss by the inverse of its number of crops.
        scheduler: Learning-rate schedule without its optimiser, stepped after each epoch; None for a constant rate.
    """

    loss_weights: Tensor | None

    def __init__(
        self,
        backbone: nn.Module,
        head: Callable[..., TrainingHead],
        metric: nn.Module,
        optimizer: Callable[..., torch.optim.Optimizer],
        transform: nn.Module,
        class_counts: list[int],
        class_weights: bool = False,
        scheduler: Callable[..., torch.optim.lr_scheduler.LRScheduler] | None = None,
    ) -> None:
        super().__init__()
        self.embedder = Embedder(transform, backbone, metric)
        self.head = head(embedding_dim=backbone.embedding_dim, num_classes=len(class_counts), metric=metric)
        self.optimizer = optimizer
        self.scheduler = scheduler
        self.recipe: dict[str, Any] = {}
        weights = _balanced_weights(class_counts) if class_weights else None
        self.register_buffer("loss_weights", weights, persistent=False)

    def training_step(self, batch: dict[str, Tensor], batch_index: int) -> Tensor:
        """Returns the loss of the batch."""
        raw = self.embedder.raw(batch["image"], batch["size"], batch.get("draws"))
        loss = self.head.loss(raw, batch["label"], self.loss_weights)
        self._log_scores("train", loss, self.head(raw.detach()), batch["label"])
        return loss

    def validation_step(self, batch: dict[str, Tensor], batch_index: int) -> dict[str, Tensor]:
        """Returns embeddings, predicted classes and rows; logs loss and accuracy over products known from training."""
        raw = self.embedder.raw(batch["image"], batch["size"])
        logits = self.head(raw)
        known = batch["label"] != IGNORED
        if known.any():
            loss = self.head.loss(raw[known], batch["label"][known])
            self._log_scores("val", loss, logits[known], batch["label"][known])
        return {
            "embedding": self.embedder.metric.prepare(raw).float(),
            "predicted": logits.argmax(1),
            "index": batch["index"],
        }

    def configure_optimizers(self) -> Any:
        """Returns the optimiser over what is trained, and its schedule if there is one."""
        optimizer = self.optimizer([parameter for parameter in self.parameters() if parameter.requires_grad])
        if self.scheduler is None:
            return optimizer
        return {"optimizer": optimizer, "lr_scheduler": self.scheduler(optimizer)}

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Adds the recipe, so that the checkpoint alone is enough to embed and group."""
        checkpoint["recipe"] = self.recipe

    def _log_scores(self, stage: str, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        count = len(labels)
        accuracy = (logits.argmax(1) == labels).float().mean()
        values = {"loss": loss, "loss_above_floor": loss - self.head.loss_floor(), "accuracy": accuracy}
        named = {f"{stage}/{name}": value.detach() for name, value in values.items()}
        self.log_dict(named, on_step=False, on_epoch=True, batch_size=count)


def _balanced_weights(class_counts: list[int]) -> Tensor:
    """Returns weights (C,) proportional to 1 / count whose mean over the crops is 1."""
    counts = torch.tensor(class_counts, dtype=torch.float32)
    return counts.sum() / (len(class_counts) * counts)
