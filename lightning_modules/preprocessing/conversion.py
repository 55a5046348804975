"""From the input that the preprocessing gives to the size, mean and spread that a network was trained with."""

from torch import Tensor
from torch.nn import functional

from lightning_modules.preprocessing import imagenet


def resized(images: Tensor, side: int, interpolation: str = "bilinear") -> Tensor:
    """Return images (n, 3, s, s) as squares of another side, as they are where it is the same.

    Args:
        images: Normalised crops.
        side: In pixels.
        interpolation: "bilinear" or "bicubic"; several pixels that become one are averaged.
    """
    if images.shape[-1] == side:
        return images
    return functional.interpolate(images, (side, side), mode=interpolation, align_corners=False, antialias=True)


def renormalized(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """Return images (n, 3, s, s) that ImageNet's statistics normalised, normalised by others (3,) in 0..1."""
    former_mean, former_std = (images.new_tensor(values) for values in (imagenet.MEAN, imagenet.STD))
    gain, offset = former_std / std, (former_mean - mean) / std
    return images * gain.view(3, 1, 1).to(images.dtype) + offset.view(3, 1, 1).to(images.dtype)
