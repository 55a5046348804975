"""When training ends: a t-SNE map of the training embeddings."""

import pytorch_lightning as pl
import torch
from pytorch_lightning.utilities import rank_zero_only

from analysis.figures.embedding_map import embedding_map_figure
from analysis.whole_file import write_text
from callbacks.calibration import EMBEDDED_AT_ONCE
from callbacks.figures.figure_log import log_figure
from callbacks.protocols import model_of, photos_of


class EmbeddingMapCallback(pl.Callback):
    """Draws the embeddings of training crops.

    Args:
        num_crops: Crops that are drawn, at least 1.

    Raises:
        ValueError: If num_crops is below 1.
    """

    def __init__(self, num_crops: int = 1000) -> None:
        if num_crops < 1:
            raise ValueError(f"num_crops must be at least 1, got {num_crops}")
        self.num_crops = num_crops

    @rank_zero_only
    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Embed an even sample of the training crops and log its map."""
        photos = photos_of(trainer)
        sample = photos.training_sample(self.num_crops)
        batches = zip(*(sample[name].split(EMBEDDED_AT_ONCE) for name in ("image", "size")), strict=True)
        embeddings = model_of(pl_module).embedder.embed(batches)
        labels = sample["label"]
        order = torch.argsort(labels, stable=True)
        figure = embedding_map_figure(embeddings[order].numpy(), labels[order].numpy(), names=photos.class_names)
        path = log_figure(trainer, "embedding/t-SNE", figure)
        # The legend shortens long names, and leaves out the smallest of very many classes.
        listed = "".join(f"{number}\t{name}\n" for number, name in enumerate(photos.class_names))
        write_text(path.with_name(f"{path.stem}_classes.txt"), listed)
