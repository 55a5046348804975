"""How a crop becomes the network's input: on the host once, then on the batch at every step."""

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from datamodules.transforms.augmentation import DRAWS, erased, offsets, relit, shifted
from datamodules.transforms.cpu import fused_transform

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
SHAPES = ("stretch", "letterbox")
ILLUMINATIONS = ("none", "standardize")


class CropTransform(nn.Module):
    """Resizes a crop to a square and turns uint8 batches into normalised float batches.

    Augmentations act in training mode only. They keep the hue, for colour carries the product: brightness and
    contrast change all channels alike.

    Args:
        image_size: Side s of the square in pixels.
        shape: "stretch" fills the square, "letterbox" keeps the shape on a border of the mean colour.
        normalization: "imagenet", or "dataset" for mean and deviation of the training crops (set by :meth:`fit`).
        illumination: "standardize" brings each crop to the same mean and spread of lightness, "none" leaves it.
        brightness: Lightness is multiplied by up to 1 +- this, at least 0.
        contrast: Differences from the crop's mean are multiplied by up to 1 +- this, at least 0.
        shift: Largest shift in either direction as a fraction of the side, 0..0.5.
        random_erasing: Probability that a rectangle is erased (Zhong et al. 2017), 0..1.

    Raises:
        ValueError: If an option is unknown or out of its range.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        image_size: int = 224,
        shape: str = "stretch",
        normalization: str = "imagenet",
        illumination: str = "none",
        brightness: float = 0.0,
        contrast: float = 0.0,
        shift: float = 0.0,
        random_erasing: float = 0.0,
    ) -> None:
        super().__init__()
        _check_choice("shape", shape, SHAPES)
        _check_choice("normalization", normalization, ("imagenet", "dataset"))
        _check_choice("illumination", illumination, ILLUMINATIONS)
        _check_range("image_size", image_size, 8, 4096)
        for name, value, top in (("brightness", brightness, 1), ("contrast", contrast, 1), ("shift", shift, 0.5)):
            _check_range(name, value, 0, top)
        _check_range("random_erasing", random_erasing, 0, 1)
        self.image_size, self.shape, self.normalization = image_size, shape, normalization
        self.illumination, self.random_erasing = illumination, random_erasing
        self.brightness, self.contrast, self.shift = brightness, contrast, shift
        self.register_buffer("mean", 255 * torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1))
        self.register_buffer("std", 255 * torch.tensor(IMAGENET_STD).view(1, 3, 1, 1))

    def prepare(self, crop: Image.Image) -> np.ndarray:
        """Returns the crop as a square uint8 array (s, s, 3)."""
        side = self.image_size
        if self.shape == "stretch":
            return resized(crop, side, side)
        scale = side / max(crop.size)
        width, height = (max(1, round(length * scale)) for length in crop.size)
        square = np.empty((side, side, 3), dtype=np.uint8)
        square[:] = [round(255 * value) for value in IMAGENET_MEAN]
        top, left = (side - height) // 2, (side - width) // 2
        square[top : top + height, left : left + width] = resized(crop, width, height)
        return square

    def store_key(self) -> dict[str, object]:
        """Returns what :meth:`prepare` depends on."""
        return {"image_size": self.image_size, "shape": self.shape, "resized": "torch"}

    def fit(self, images: np.ndarray, sample: int = 1000) -> None:
        """Takes mean and deviation from an even sample of training crops (n, s, s, 3), if they are asked for."""
        if self.normalization == "imagenet" or not len(images):
            return
        rows = np.unique(np.linspace(0, len(images) - 1, min(sample, len(images))).astype(int))
        pixels = np.asarray(images[rows], dtype=np.float32).reshape(-1, 3)
        self.mean.copy_(torch.from_numpy(pixels.mean(0)).view(1, 3, 1, 1))
        self.std.copy_(torch.from_numpy(np.maximum(pixels.std(0), 1.0)).view(1, 3, 1, 1))

    @property
    def augments(self) -> bool:
        """Whether training crops are changed at random."""
        return bool(self.shift or self.brightness or self.contrast or self.random_erasing)

    def forward(self, images: Tensor, draws: Tensor | None = None, dtype: torch.dtype = torch.float32) -> Tensor:
        """Returns the network's input (n, 3, s, s) of uint8 crops (n, 3, s, s).

        Args:
            images: Crops.
            draws: Uniform numbers that the augmentation is made of, (n, 9); None draws them here.
            dtype: Of the input, which is computed in float32 and rounded.
        """
        values = _standardize(images.float()) if self.illumination == "standardize" else images
        if not self.training or not self.augments:
            draws = None
        elif draws is None:
            draws = torch.rand(len(images), len(DRAWS), device=images.device)
        if images.device.type == "cpu" and not torch.compiler.is_compiling():
            return fused_transform(values, self.mean, self.std, draws, dtype=dtype, **self._changes())
        return self.plain(values, draws).to(dtype)

    def plain(self, values: Tensor, draws: Tensor | None) -> Tensor:
        """Returns what :meth:`forward` does in float32, as formulas over the batch: for a GPU, and for compilers."""
        if draws is not None:
            values = values.float()
            if self.shift:
                values = shifted(values, *offsets(draws, self.shift, *values.shape[-2:]))
            if self.brightness or self.contrast:
                values = relit(values, draws, self.brightness, self.contrast)
            if self.random_erasing:
                values = erased(values, draws, self.random_erasing, self.mean)
        return torch.addcmul(-self.mean / self.std, values, 1 / self.std)

    def _changes(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in ("brightness", "contrast", "shift", "random_erasing")}


def resized(picture: Image.Image, width: int, height: int) -> np.ndarray:
    """Returns an RGB picture scaled to uint8 (height, width, 3), bilinear over all pixels that each new one covers.

    Pillow's own resizing differs by at most one grey level and takes 1.6 times as long on processors with AVX2.
    """
    # The axis of the batch comes first: only then torch sees channels last, and keeps them so without a copy.
    pixels = torch.from_numpy(np.array(picture))[None].permute(0, 3, 1, 2)
    scaled = functional.interpolate(pixels, size=(height, width), mode="bilinear", antialias=True)
    return scaled[0].permute(1, 2, 0).numpy()


def _standardize(values: Tensor, mean: float = 117.0, spread: float = 60.0) -> Tensor:
    """Brings each crop's lightness to one mean and spread with one gain and offset for all channels."""
    # Torch warns of the deviation of nothing.
    if not len(values):
        return values
    lightness = values.mean(dim=1, keepdim=True)
    centre = lightness.mean(dim=(2, 3), keepdim=True)
    deviation = lightness.std(dim=(2, 3), keepdim=True).clamp(min=5.0)
    return (values - centre) * (spread / deviation) + mean


def _check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    if value not in choices:
        raise ValueError(f"transform.{name} must be one of {', '.join(choices)}, got {value!r}")


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"transform.{name} must lie within {low}..{high}, got {value!r}")
