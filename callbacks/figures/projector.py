"""When training ends: validation embeddings with thumbnails for TensorBoard's projector."""

import numpy as np
import pytorch_lightning as pl
import torch
from pytorch_lightning.utilities import rank_zero_only
from torch.nn import functional

from analysis.even_sample import even_sample
from callbacks.figures.figure_log import tensorboards_of
from callbacks.protocols import photos_of
from callbacks.validation_rows import ValidationRowsCallback

# The projector shows one square picture of all thumbnails and fails on one above this side.
LARGEST_SPRITE = 8192


class ProjectorCallback(ValidationRowsCallback):
    """Writes the embeddings of the last validation.

    Args:
        num_crops: Crops that are written, at least 1.
        thumbnail_size: Side of a thumbnail in pixels, at least 8.

    Raises:
        ValueError: If a number is out of its range, or the thumbnails do not fit the projector's picture.
    """

    def __init__(self, num_crops: int = 1000, thumbnail_size: int = 64) -> None:
        super().__init__()
        if num_crops < 1 or thumbnail_size < 8:
            raise ValueError(
                f"num_crops must be at least 1 and thumbnail_size at least 8, got {num_crops} and {thumbnail_size}"
            )
        if int(np.ceil(np.sqrt(num_crops))) * thumbnail_size > LARGEST_SPRITE:
            raise ValueError(
                f"{num_crops} thumbnails of {thumbnail_size} pixels exceed the projector's {LARGEST_SPRITE} pixels"
            )
        self.num_crops = num_crops
        self.thumbnail_size = thumbnail_size

    @rank_zero_only
    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Write embeddings, thumbnails, and what each crop is."""
        if self.rows is None:
            return
        photos, total = photos_of(trainer), len(self.rows.embeddings)
        chosen = even_sample(total, self.num_crops)
        images = photos.validation[chosen.tolist()]["image"].float() / 255
        side = (self.thumbnail_size, self.thumbnail_size)
        thumbnails = functional.interpolate(images, size=side, mode="area")
        described = photos.describe_validation(chosen)
        for logger in tensorboards_of(trainer):
            logger.experiment.add_embedding(
                torch.from_numpy(self.rows.embeddings[chosen]),
                metadata=described,
                metadata_header=["product", "scene"],
                label_img=thumbnails,
                tag="validation",
                global_step=trainer.global_step,
            )
