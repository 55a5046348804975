import numpy as np
import pytest
from PIL import Image

from datamodules.transforms.crop_resize import CropResize
from lightning_modules.preprocessing import imagenet

MEAN_COLOUR = [round(255 * value) for value in imagenet.MEAN]


def test_stretch_fills_and_letterbox_keeps_the_shape():
    crop = Image.new("RGB", (10, 40), "white")
    assert CropResize(32)(crop).min() == 255
    square = CropResize(32, "letterbox")(crop)
    white = (square == 255).all(axis=2)
    assert (white.any(axis=1).sum(), white.any(axis=0).sum()) == (32, 8)
    assert square[0, 0].tolist() == MEAN_COLOUR


@pytest.mark.parametrize(
    "size", [(1, 1), (1, 9), (7, 3), (23, 61), (32, 32), (61, 23), (500, 40), (900, 1200)], ids=str
)
@pytest.mark.parametrize("noisy", [True, False])
def test_crops_are_resized_as_by_pillow_to_a_grey_level(size, noisy):
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    crop = Image.fromarray(pixels if noisy else np.full_like(pixels, 201))
    scaled = CropResize(32)(crop)
    expected = np.asarray(crop.resize((32, 32), Image.Resampling.BILINEAR))
    assert (scaled.shape, scaled.dtype) == ((32, 32, 3), np.uint8)
    assert np.abs(scaled.astype(int) - expected).max() <= (1 if noisy else 0)


def test_a_resized_crop_is_written_without_another_copy():
    assert CropResize(32)(Image.new("RGB", (50, 70))).flags.c_contiguous


@pytest.mark.parametrize("size", [(10, 40), (45, 20), (33, 33), (1, 500)], ids=str)
def test_a_letterboxed_crop_is_pillows_pasted_on_the_mean_colour(size):
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    crop = Image.fromarray(pixels)
    width, height = (max(1, round(length * 32 / max(size))) for length in size)
    square = Image.new("RGB", (32, 32), tuple(MEAN_COLOUR))
    inside = crop.resize((width, height), Image.Resampling.BILINEAR)
    square.paste(inside, ((32 - width) // 2, (32 - height) // 2))
    scaled = CropResize(32, "letterbox")(crop)
    assert np.abs(scaled.astype(int) - np.asarray(square)).max() <= 1


def test_caches_of_decoded_crops_stay_valid():
    assert CropResize(24, "letterbox").store_key() == {"image_size": 24, "shape": "letterbox", "resized": "torch"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shape": "crop"}, r"resize\.shape must be one of stretch, letterbox, got 'crop'"),
        ({"image_size": 0}, r"resize\.image_size must lie within 8\.\.4096, got 0"),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        CropResize(**options)
