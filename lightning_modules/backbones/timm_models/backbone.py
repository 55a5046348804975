"""Any network of timm as a backbone."""

from typing import Unpack

import torch
from torch import Tensor

from lightning_modules.backbones.embedding_block import BlockOptions
from lightning_modules.backbones.pooled import CROPS_AT_ONCE, PooledBackbone, check_trainable
from lightning_modules.backbones.pooling import build_pooling
from lightning_modules.backbones.timm_models import efficientnet_lite
from lightning_modules.backbones.timm_models.model import Model, build_model, timm
from lightning_modules.preprocessing.conversion import renormalized, resized


class TimmBackbone(PooledBackbone):
    """A network of timm, of which the last stages are trained: stages of a convolutional one, blocks of a transformer.

    It sees images as it was trained with them: the preprocessing's input is resized and normalised anew. A block of a
    transformer gives the map of its patch tokens.

    Args:
        name: Of the network, as timm lists it, with or without the tag of its weights.
        weights: "pretrained" for timm's download, "efficientnet_lite" for an installed package's, the path of a file,
            or None for random weights.
        trainable_layers: Groups of layers trained, counted from the end as timm groups them (for most networks a stage
            or a block each); "all" trains every one.
        image_size: Side in pixels of the square crops.
        input_size: Side in pixels of what the network sees of them; None for what it was trained with.
        pooling: "levels" for global average pooling of all levels, with the colours, "grid" for the last map's cells.
        pool_size: Side of the grid.
        colour_weight: See :class:`PooledBackbone`.
        **embedding: Options of :class:`EmbeddingBlock`.

    Raises:
        FileNotFoundError: If the weights are asked for and not at hand.
        ValueError: If timm has no network of the name, the weights do not fit it, or an option is out of its range.
    """

    features: Model
    mean: Tensor
    std: Tensor
    crops_at_once = CROPS_AT_ONCE

    def __init__(
        self,
        name: str,
        weights: str | None = None,
        trainable_layers: int | str = 0,
        image_size: int = 224,
        input_size: int | None = None,
        pooling: str = "levels",
        pool_size: int = 6,
        colour_weight: float = 0.0,
        **embedding: Unpack[BlockOptions],
    ) -> None:
        model = build_model(name, weights, input_size)
        channels = [level["num_chs"] for level in model.feature_info]
        super().__init__(
            model, channels, image_size, build_pooling(pooling, channels, pool_size), colour_weight, **embedding
        )
        own = model.pretrained_cfg
        self.input_size = input_size or own["input_size"][-1]
        self.interpolation = "bilinear" if own["interpolation"] == "bilinear" else "bicubic"
        lite = weights == efficientnet_lite.LITE
        # Kept with the weights, so that a checkpoint of either source, and of any version of timm, sees alike.
        self.register_buffer("mean", torch.tensor(efficientnet_lite.MEAN if lite else own["mean"]))
        self.register_buffer("std", torch.tensor(efficientnet_lite.STD if lite else own["std"]))
        self._freeze(name, trainable_layers)

    def train(self, mode: bool = True) -> "TimmBackbone":
        """Set the mode of what is trained; layers of frozen parameters stay in evaluation mode."""
        super().train(mode)
        for module in self.features.modules():
            trained = [parameter.requires_grad for parameter in module.parameters()]
            if trained and not any(trained):
                module.eval()
        return self

    def run_features(self, images: Tensor, keep_levels: bool) -> tuple[list[Tensor], Tensor]:
        """Return the maps of all levels, and the last one."""
        own = renormalized(resized(images, self.input_size, self.interpolation), self.mean, self.std)
        levels = self.features.forward_intermediates(own, indices=None, intermediates_only=True)
        return levels, levels[-1]

    def _freeze(self, name: str, trainable_layers: int | str) -> None:
        """Leave the last groups of layers as they are, and freeze those before."""
        if trainable_layers == "all":
            return
        groups = _groups(self.features) if trainable_layers else []
        if trainable_layers and not groups:
            raise ValueError(f"backbone.trainable_layers of {name} must be 0 or 'all', got {trainable_layers!r}")
        trained = groups[len(groups) - check_trainable(trainable_layers, len(groups)) :]
        names = {name for group in trained for name in group}
        for name, parameter in self.features.named_parameters():
            parameter.requires_grad_(name in names)
        self.train(self.training)


def _groups(model: Model) -> list[list[str]]:
    """Return the names of the parameters by groups of layers, from the first to the last; none where timm has none."""
    try:
        matcher = model.group_matcher(coarse=True)
    except (AttributeError, AssertionError):
        return []
    return list(timm().models.group_parameters(model, matcher).values())
