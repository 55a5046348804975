"""Before training: the embedding begins as the discriminants of what the backbone sees, the anchors as class means."""

from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from torch import Tensor

from analysis.projection import discriminant_projection
from callbacks.calibration import EMBEDDED_AT_ONCE


class LdaInitializationCallback(pl.Callback):
    """Sets the embedding's linear layer and the head's anchors from the training crops.

    Where the convolutional layers are pretrained, the metric between crops is already good, and a random linear layer
    would throw it away. Discriminant analysis keeps it and is what training then refines.

    Args:
        crops_per_class: Crops of each product that are looked at, at least 2; 0 leaves the random start.
        shrinkage: Part of the mean variance added to every direction, above 0; see ``discriminant_projection``.

    Raises:
        ValueError: If a number is out of its range.
    """

    def __init__(self, crops_per_class: int = 0, shrinkage: float = 1.0) -> None:
        if crops_per_class < 0 or crops_per_class == 1 or shrinkage <= 0:
            raise ValueError(
                f"crops_per_class must be 0 or at least 2 and shrinkage above 0, got {crops_per_class} and {shrinkage}"
            )
        self.crops_per_class = crops_per_class
        self.shrinkage = shrinkage

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Embeds, fits and sets; a training that goes on from a checkpoint keeps what it has.

        Raises:
            ValueError: If the embedding is not a linear layer alone, or wider than what it sees.
        """
        if self.crops_per_class == 0 or trainer.ckpt_path is not None:
            return
        block: Any = pl_module.embedder.backbone.embedding
        _check_linear(block)
        dataset = trainer.datamodule.training
        chosen = first_of_each(dataset.labels.numpy(), self.crops_per_class)
        rows = np.concatenate([_pooled(trainer, pl_module, dataset[part]) for part in _parts(chosen)]).astype(
            np.float64
        )
        labels = dataset.labels.numpy()[chosen]
        centre, directions = discriminant_projection(rows, labels, block.linear.out_features, self.shrinkage)
        directions = directions / np.linalg.norm(directions, axis=0).mean()
        with torch.no_grad():
            block.linear.weight.copy_(torch.from_numpy(np.ascontiguousarray(directions.T)))
            block.linear.bias.copy_(torch.from_numpy(-centre @ directions))
            embeddings = pl_module.embedder.backbone.of_pooled(torch.from_numpy(rows).to(block.linear.weight))
        _start_anchors(pl_module, embeddings, torch.from_numpy(labels))


def first_of_each(labels: np.ndarray, count: int) -> np.ndarray:
    """Returns ascending rows of at most ``count`` crops of each class, evenly spread over the class's crops."""
    order = np.argsort(labels, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(labels))[:-1])
    spread = [rows[np.unique(np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(int))] for rows in members]
    return np.sort(np.concatenate(spread))


@torch.no_grad()
def _pooled(trainer: pl.Trainer, pl_module: pl.LightningModule, batch: dict[str, Tensor]) -> np.ndarray:
    batch = {name: value.to(pl_module.device) for name, value in batch.items()}
    pl_module.eval()
    # In the precision of the training, which may be much faster.
    with trainer.precision_plugin.forward_context():
        pooled = pl_module.pooled(batch).float().cpu().numpy()
    pl_module.train()
    return pooled


def _parts(rows: np.ndarray) -> list[np.ndarray]:
    return np.split(rows, range(EMBEDDED_AT_ONCE, len(rows), EMBEDDED_AT_ONCE))


def _check_linear(block: torch.nn.Module) -> None:
    plain = isinstance(block.activation, torch.nn.Identity) and isinstance(block.normalization, torch.nn.Identity)
    if not plain:
        raise ValueError(
            "a start from discriminants needs an embedding that is linear: "
            "type backbone.activation=none backbone.normalization=none"
        )


def _start_anchors(pl_module: pl.LightningModule, embeddings: Tensor, labels: Tensor) -> None:
    """Sets each product's anchor to the mean direction of its crops; heads without such anchors keep theirs."""
    anchors = getattr(pl_module.head, "anchors", None)
    if anchors is None or pl_module.embedder.metric.name != "cosine" or len(anchors) != pl_module.head.num_classes:
        return
    directions = pl_module.embedder.metric.prepare(embeddings)
    means = torch.zeros_like(anchors).index_add_(0, labels.to(anchors.device), directions)
    with torch.no_grad():
        anchors.copy_(pl_module.embedder.metric.prepare(means))
