"""When training ends: feature maps of a few training crops."""

import pytorch_lightning as pl
import torch
from pytorch_lightning.utilities import rank_zero_only

from analysis.figures.feature_maps import feature_maps_figure
from callbacks.figures.figure_log import log_figure
from callbacks.protocols import model_of, photos_of


class FeatureMapsCallback(pl.Callback):
    """Draws what each convolutional layer responds to in a few crops.

    Args:
        num_crops: Crops that are drawn, at least 1.

    Raises:
        ValueError: If num_crops is below 1.
    """

    def __init__(self, num_crops: int = 4) -> None:
        if num_crops < 1:
            raise ValueError(f"num_crops must be at least 1, got {num_crops}")
        self.num_crops = num_crops

    @rank_zero_only
    @torch.inference_mode()
    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Log the crops beside the maps of every layer."""
        photos = photos_of(trainer)
        sample = photos.training_sample(self.num_crops)
        images = sample["image"]
        maps = model_of(pl_module).embedder.feature_maps(images.to(pl_module.device))
        if not maps:
            return
        names = [photos.class_names[label] for label in sample["label"].tolist()]
        title = f"What each layer responds to in {len(names)} training crops, spread evenly over the training data"
        pictures, layers = images.permute(0, 2, 3, 1).numpy(), [layer.cpu().numpy() for layer in maps]
        figure = feature_maps_figure(pictures, layers, names, title=title)
        log_figure(trainer, "embedding/feature_maps", figure)
