"""What light and camera do to a photo: uneven light, glare, colour cast, blur and noise."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Pixels = NDArray[np.float32]
# Light varies smoothly, so it is computed for every eighth pixel and enlarged.
COARSENESS = 8


def expose(
    photo: Image.Image, shiny: NDArray[np.bool_], glints: NDArray[np.float64], generator: np.random.Generator
) -> Image.Image:
    """Light the photo and take it with an ordinary camera.

    Args:
        photo: RGB picture in even light.
        shiny: Where light is reflected, shape (height, width).
        glints: Places of glare in pixels, shape (n, 2).
        generator: Source of chance.
    """
    blurred = blur(photo, generator)
    pixels = np.asarray(blurred).astype(np.float32)
    warmth = float(generator.normal(0, 0.045))
    cast = np.array([1 + warmth, 1 + float(generator.normal(0, 0.012)), 1 - warmth], np.float32)
    pixels *= _enlarge(light_field(photo.size, generator), photo.size)[..., None] * cast
    pixels += (_enlarge(glare_field(photo.size, glints, generator), photo.size) * shiny)[..., None]
    contrast, middle = float(generator.uniform(0.84, 1.12)), np.float32(118)
    pixels = (pixels - middle) * np.float32(contrast) + middle
    pixels += sensor_noise(pixels.shape[:2], generator)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _coarse_grid(size: tuple[int, int]) -> tuple[Pixels, Pixels]:
    """Return places of the coarse pixels in pixels of the photo: x of shape (1, w), y of shape (h, 1)."""
    width, height = (max(2, side // COARSENESS) for side in size)
    x = (np.arange(width) + 0.5) * size[0] / width
    y = (np.arange(height) + 0.5) * size[1] / height
    return x[None, :].astype(np.float32), y[:, None].astype(np.float32)


def _enlarge(field: Pixels, size: tuple[int, int]) -> Pixels:
    return np.asarray(Image.fromarray(field).resize(size, Image.Resampling.BILINEAR))


def light_field(size: tuple[int, int], generator: np.random.Generator) -> Pixels:
    """Return brightness over the photo, coarse: a level, a slope, a pool of light and darker corners."""
    x, y = _coarse_grid(size)
    across, down = 2 * x / size[0] - 1, 2 * y / size[1] - 1
    level = float(generator.uniform(0.86, 1.18))
    slope = generator.normal(0, 0.13, 2)
    pool_x, pool_y = generator.uniform(-1, 1, 2)
    pool = 0.28 * float(generator.random()) * np.exp(-((across - pool_x) ** 2 + (down - pool_y) ** 2) / 0.5)
    field = level * (1 + slope[0] * across + slope[1] * down + pool - 0.07 * (across**2 + down**2))
    return np.clip(field, 0.35, 1.6).astype(np.float32)


def glare_field(size: tuple[int, int], glints: NDArray[np.float64], generator: np.random.Generator) -> Pixels:
    """Return white light added by reflections, coarse."""
    x, y = _coarse_grid(size)
    field = np.zeros((y.shape[0], x.shape[1]), np.float32)
    for place_x, place_y in glints:
        breadth, length = generator.uniform(0.007, 0.02) * size[0], generator.uniform(0.012, 0.05) * size[0]
        strength = float(generator.uniform(50, 190))
        up = (y - place_y) / length
        aside = (x - place_x + float(generator.normal(0, 0.25)) * (y - place_y)) / breadth
        field += strength * np.exp(-(aside**2) - up**2)
    return field


def blur(photo: Image.Image, generator: np.random.Generator) -> Image.Image:
    """Leave the photo sharp, defocus it, or shake the camera sideways."""
    scale = photo.width / 1600
    fate = generator.random()
    if fate < 0.4:
        return photo
    if fate < 0.75:
        return photo.filter(ImageFilter.GaussianBlur(float(generator.uniform(0.7, 1.7)) * scale))
    return _shake(photo, round(float(generator.uniform(2, 6)) * scale), bool(generator.random() < 0.5))


def _shake(photo: Image.Image, length: int, upright: bool) -> Image.Image:
    """Return the average of the photo with itself, moved by 0 to `length` pixels."""
    if length < 1:
        return photo
    pixels = np.asarray(photo)
    total = np.zeros(pixels.shape, np.uint16)
    for shift in range(length + 1):
        total += np.roll(pixels, shift - length // 2, axis=0 if upright else 1)
    return Image.fromarray((total // (length + 1)).astype(np.uint8))


def sensor_noise(shape: tuple[int, ...], generator: np.random.Generator) -> Pixels:
    """Return grain that is mostly the same in all three colours; shape (height, width, 3)."""
    strength = np.float32(generator.uniform(1.5, 6.0))
    grain = generator.standard_normal((*shape, 1), dtype=np.float32) * strength
    # Raw bytes are the fastest random numbers there are; they are even over -128..127.
    specks = np.frombuffer(generator.bytes(3 * shape[0] * shape[1]), np.int8).reshape(*shape, 3)
    return grain + specks * (strength * np.float32(0.005))
