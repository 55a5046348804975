"""The network's first layer: augmentation and normalisation of a batch of crops."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lightning_modules.checks import check_choice, check_number
from lightning_modules.preprocessing import imagenet
from lightning_modules.preprocessing.augmentation import COLUMNS, erased, offsets, relit, shifted
from lightning_modules.preprocessing.cpu import fused_preprocessing

NORMALIZATIONS = ("imagenet", "dataset")
ILLUMINATIONS = ("none", "standardize")
# Training crops that mean and deviation are measured on.
FITTED_CROPS = 1000


class BatchPreprocessing(nn.Module):
    """Turns uint8 crops into normalised floats, and augments training crops.

    Augmentations keep the hue, for colour carries the product: brightness and contrast change all channels alike.

    Args:
        normalization: "imagenet", or "dataset" for mean and deviation of the training crops (set by :meth:`fit`).
        illumination: "standardize" brings each crop to the same mean and spread of lightness, "none" leaves it.
        brightness: Lightness is multiplied by up to 1 +- this, 0..1.
        contrast: Differences from the crop's mean are multiplied by up to 1 +- this, 0..1.
        shift: Largest shift in either direction as a fraction of the side, 0..0.5.
        random_erasing: Probability that a rectangle is erased (Zhong et al. 2017), 0..1.
        seed: Of the augmentation, together with epoch, step and the crop's place in the batch.

    Raises:
        ValueError: If an option is unknown or out of its range.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        normalization: str = "imagenet",
        illumination: str = "none",
        brightness: float = 0.0,
        contrast: float = 0.0,
        shift: float = 0.0,
        random_erasing: float = 0.0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        check_choice("preprocessing.normalization", normalization, NORMALIZATIONS)
        check_choice("preprocessing.illumination", illumination, ILLUMINATIONS)
        self.changes = {
            "brightness": brightness,
            "contrast": contrast,
            "shift": shift,
            "random_erasing": random_erasing,
        }
        for name, value in self.changes.items():
            _check_within(f"preprocessing.{name}", value, 0.5 if name == "shift" else 1)
        self.normalization, self.illumination, self.seed = normalization, illumination, seed
        self.register_buffer("mean", _of_bytes(imagenet.MEAN))
        self.register_buffer("std", _of_bytes(imagenet.STD))

    def fit(self, images: NDArray[np.uint8]) -> None:
        """Take mean and deviation from an even sample of training crops (n, s, s, 3), if they are asked for."""
        if self.normalization == "imagenet" or not len(images):
            return
        rows = np.unique(np.linspace(0, len(images) - 1, min(FITTED_CROPS, len(images))).astype(int))
        pixels = np.asarray(images[rows], dtype=np.float32).reshape(-1, 3)
        self.mean.copy_(torch.from_numpy(pixels.mean(0)).view(1, 3, 1, 1))
        self.std.copy_(torch.from_numpy(np.maximum(pixels.std(0), 1.0)).view(1, 3, 1, 1))

    @property
    def augments(self) -> bool:
        """Whether training crops are changed at random."""
        return any(self.changes.values())

    def uniforms(self, epoch: int, step: int, places: Tensor) -> Tensor | None:
        """Return the random numbers that augment a training batch, (m, 9) in 0..1; None where nothing is augmented.

        They are drawn for the batch of all processes, so that a crop is changed alike whichever process takes it.

        Args:
            epoch: Of the training.
            step: Of the epoch.
            places: Place of each crop in the batch of all processes, (m,).
        """
        if not self.augments or not len(places):
            return None
        generator = np.random.default_rng((self.seed, epoch, step))
        numbers = generator.random((int(places.max()) + 1, len(COLUMNS)), dtype=np.float32)
        return torch.from_numpy(numbers).to(places.device)[places]

    def forward(self, images: Tensor, uniforms: Tensor | None = None, dtype: torch.dtype = torch.float32) -> Tensor:
        """Return the network's input (n, 3, s, s) of uint8 crops (n, 3, s, s).

        Args:
            images: Crops.
            uniforms: What augments each crop, as :meth:`uniforms` returns it; None leaves the crops as they are.
            dtype: Of the input, which is computed in float32 and rounded.
        """
        values = standardized(images.float()) if self.illumination == "standardize" else images
        # A CPU is much faster with one pass over a few crops at a time (docs/speed.md), a GPU and a compiler with
        # formulas over the whole batch.
        if images.device.type == "cpu" and not torch.compiler.is_compiling():
            return fused_preprocessing(values, self.mean, self.std, uniforms, dtype=dtype, **self.changes)
        return self.by_formulas(values, uniforms).to(dtype)

    def by_formulas(self, values: Tensor, uniforms: Tensor | None) -> Tensor:
        """Return what :meth:`forward` does in float32, as formulas over the whole batch."""
        if uniforms is not None:
            values = values.float()
            changes = self.changes
            if changes["shift"]:
                values = shifted(values, *offsets(uniforms, changes["shift"], *values.shape[-2:]))
            if changes["brightness"] or changes["contrast"]:
                values = relit(values, uniforms, changes["brightness"], changes["contrast"])
            if changes["random_erasing"]:
                values = erased(values, uniforms, changes["random_erasing"], self.mean)
        return torch.addcmul(-self.mean / self.std, values, 1 / self.std)


def standardized(values: Tensor, mean: float = 117.0, spread: float = 60.0) -> Tensor:
    """Return crops (n, 3, h, w) of one mean and spread of lightness, by one gain and offset for all channels."""
    # Torch warns of the deviation of nothing. Not len(values): an exported graph would take it for a fixed number.
    if values.shape[0] == 0:
        return values
    lightness = values.mean(dim=1, keepdim=True)
    centre = lightness.mean(dim=(2, 3), keepdim=True)
    deviation = lightness.std(dim=(2, 3), keepdim=True).clamp(min=5.0)
    return (values - centre) * (spread / deviation) + mean


def _check_within(name: str, value: float, most: float) -> None:
    check_number(name, value, f"within 0..{most}", lambda x: 0 <= x <= most)


def _of_bytes(shares: Sequence[float]) -> Tensor:
    # By NumPy: on the meta device, where checkpoints are tried, a product in torch imports its compiler (1.4 s).
    return torch.tensor((np.float32(255) * np.array(shares, dtype=np.float32)).tolist()).view(1, 3, 1, 1)
