"""Before training: the embedding starts as linear discriminants of the backbone's features, anchors as class means."""

import numpy as np
import pytorch_lightning as pl
import torch
from numpy.typing import NDArray

from analysis.even_sample import even_sample
from analysis.labels import rows_by_label
from analysis.projection import discriminant_projection
from callbacks.calibration import EMBEDDED_AT_ONCE
from callbacks.protocols import Batch, Crops, TrainedModel, model_of, photos_of

AUTO = "auto"
AUTO_CROPS = 100


class LdaInitializationCallback(pl.Callback):
    """Sets the embedding's linear layer and the head's anchors from the training crops.

    Where the convolutional layers are pretrained, the metric between crops is already good, and a random linear layer
    would throw it away. Linear discriminant analysis keeps it and is what training then refines.

    Args:
        crops_per_class: Crops of each product that are used, at least 2; 0 leaves the random initialisation; "auto"
            uses up to 100 where the embedding is linear and the crops say enough for it.

    Raises:
        ValueError: If the number is out of its range.
    """

    def __init__(self, crops_per_class: int | str = 0) -> None:
        self.is_auto = crops_per_class == AUTO
        count = AUTO_CROPS if crops_per_class == AUTO else crops_per_class
        if isinstance(count, str) or count < 0 or count == 1:
            raise ValueError(
                f"callbacks.lda_initialization.crops_per_class must be 0, at least 2, or auto, got {crops_per_class}"
            )
        self.crops_per_class = count

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Embed, fit and set; a training that goes on from a checkpoint keeps what it has.

        Raises:
            ValueError: If the embedding is not a linear layer alone, or wider than its input.
        """
        if self.crops_per_class == 0 or trainer.ckpt_path is not None:
            return
        model, crops = model_of(pl_module), photos_of(trainer).training
        if self.is_auto and not _can_start(model, crops):
            return
        linear = model.embedder.backbone.linear_embedding()
        chosen = even_sample_of_each_class(crops.labels.numpy(), self.crops_per_class)
        pooled = [_pooled(trainer, pl_module, crops[part]) for part in _parts(chosen)]
        rows, labels = np.concatenate(pooled).astype(np.float64), crops.labels.numpy()[chosen]
        centre, directions = discriminant_projection(rows, labels, linear.out_features)
        directions = directions / np.linalg.norm(directions, axis=0).mean()
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(np.ascontiguousarray(directions.T)))
            linear.bias.copy_(torch.from_numpy(-centre @ directions))
            embeddings = model.embedder.backbone.project(torch.from_numpy(rows).to(linear.weight))
        model.head.initialize_anchors(embeddings, torch.from_numpy(labels))


def _can_start(model: TrainedModel, crops: Crops) -> bool:
    """Return whether the embedding is linear and not too wide, and there are two products and two crops of one."""
    try:
        linear = model.embedder.backbone.linear_embedding()
    except ValueError:
        return False
    sizes = crops.labels.bincount()
    return linear.out_features <= linear.in_features and len(sizes) > 1 and int(sizes.max()) > 1


def even_sample_of_each_class(labels: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return ascending rows of at most ``count`` crops of each class, evenly spread over the class's crops."""
    return np.sort(np.concatenate([rows[even_sample(len(rows), count)] for rows in rows_by_label(labels)]))


@torch.no_grad()
def _pooled(trainer: pl.Trainer, pl_module: pl.LightningModule, batch: Batch) -> NDArray[np.float32]:
    batch = {name: value.to(pl_module.device) for name, value in batch.items()}
    pl_module.eval()
    # In the precision of the training, which may be much faster.
    with trainer.precision_plugin.forward_context():
        pooled = model_of(pl_module).pooled_features(batch).float().cpu().numpy()
    pl_module.train()
    return pooled


def _parts(rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return np.split(rows, range(EMBEDDED_AT_ONCE, len(rows), EMBEDDED_AT_ONCE))
