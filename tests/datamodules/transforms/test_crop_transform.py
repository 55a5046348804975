import numpy as np
import pytest
import torch
from PIL import Image

from datamodules.transforms.crop_transform import IMAGENET_MEAN, IMAGENET_STD, CropTransform, _standardize

torch.manual_seed(0)
IMAGES = torch.randint(0, 256, (6, 3, 24, 24), dtype=torch.uint8)


def test_normalisation_is_the_textbooks():
    expected = (IMAGES.float() / 255 - torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1)) / torch.tensor(IMAGENET_STD).view(
        1, 3, 1, 1
    )
    torch.testing.assert_close(CropTransform(24).eval()(IMAGES), expected)


def test_dataset_statistics_leave_mean_zero_and_deviation_one():
    transform = CropTransform(24, normalization="dataset").eval()
    transform.fit(IMAGES.permute(0, 2, 3, 1).numpy())
    values = transform(IMAGES).permute(1, 0, 2, 3).flatten(1)
    torch.testing.assert_close(values.mean(1), torch.zeros(3), atol=1e-4, rtol=0)
    torch.testing.assert_close(values.std(1), torch.ones(3), atol=1e-2, rtol=0)


def test_stretch_fills_and_letterbox_keeps_the_shape():
    crop = Image.new("RGB", (10, 40), "white")
    assert CropTransform(32).prepare(crop).min() == 255
    square = CropTransform(32, shape="letterbox").prepare(crop)
    white = (square == 255).all(axis=2)
    assert (white.any(axis=1).sum(), white.any(axis=0).sum()) == (32, 8)
    assert square[0, 0].tolist() == [round(255 * value) for value in IMAGENET_MEAN]


@pytest.mark.parametrize(
    "size", [(1, 1), (1, 9), (7, 3), (23, 61), (32, 32), (61, 23), (500, 40), (900, 1200)], ids=str
)
@pytest.mark.parametrize("noisy", [True, False])
def test_crops_are_resized_as_by_pillow_to_a_grey_level(size, noisy):
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    crop = Image.fromarray(pixels if noisy else np.full_like(pixels, 201))
    scaled = CropTransform(32).prepare(crop)
    expected = np.asarray(crop.resize((32, 32), Image.Resampling.BILINEAR))
    assert (scaled.shape, scaled.dtype) == ((32, 32, 3), np.uint8)
    assert np.abs(scaled.astype(int) - expected).max() <= (1 if noisy else 0)


def test_a_resized_crop_is_written_without_another_copy():
    assert CropTransform(32).prepare(Image.new("RGB", (50, 70))).flags.c_contiguous


@pytest.mark.parametrize("size", [(10, 40), (45, 20), (33, 33), (1, 500)], ids=str)
def test_a_letterboxed_crop_is_pillows_pasted_on_the_mean_colour(size):
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    crop = Image.fromarray(pixels)
    width, height = (max(1, round(length * 32 / max(size))) for length in size)
    square = Image.new("RGB", (32, 32), tuple(round(255 * value) for value in IMAGENET_MEAN))
    inside = crop.resize((width, height), Image.Resampling.BILINEAR)
    square.paste(inside, ((32 - width) // 2, (32 - height) // 2))
    scaled = CropTransform(32, shape="letterbox").prepare(crop)
    assert np.abs(scaled.astype(int) - np.asarray(square)).max() <= 1


AUGMENTED = [{"brightness": 0.3}, {"contrast": 0.3}, {"shift": 0.2}, {"random_erasing": 1.0}]


ALL = {"brightness": 0.3, "contrast": 0.3, "shift": 0.2, "random_erasing": 0.5}


@pytest.mark.parametrize("illumination", ["none", "standardize"])
@pytest.mark.parametrize("options", [*AUGMENTED, ALL, {}], ids=lambda options: "-".join(options) or "none")
@pytest.mark.parametrize("shape", [(1, 3, 24, 24), (6, 3, 24, 24), (9, 3, 25, 31), (0, 3, 24, 24)], ids=str)
def test_the_fused_pass_is_the_formulas(shape, options, illumination):
    torch.manual_seed(1)
    images, draws = torch.randint(0, 256, shape, dtype=torch.uint8), torch.rand(shape[0], 9)
    transform = CropTransform(24, illumination=illumination, **options).train()
    values = _standardize(images.float()) if illumination == "standardize" else images
    expected = transform.plain(values, draws if options else None)
    torch.testing.assert_close(transform(images, draws), expected, atol=1e-4, rtol=1e-5)


@pytest.mark.parametrize("count", [0, 1, 4, 7])
@pytest.mark.parametrize("options", [ALL, {}], ids=lambda options: "augmented" if options else "plain")
def test_input_of_another_dtype_is_rounded_at_the_end(options, count):
    images, draws = torch.randint(0, 256, (count, 3, 24, 24), dtype=torch.uint8), torch.rand(count, 9)
    transform = CropTransform(24, **options).train()
    rounded = transform(images, draws, torch.bfloat16)
    assert rounded.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(rounded, transform(images, draws).bfloat16())


def test_extreme_numbers_are_fine():
    transform = CropTransform(24, brightness=1, contrast=1, shift=0.5, random_erasing=1.0).train()
    for value in (0.0, 1.0):
        draws = torch.full((6, 9), value)
        torch.testing.assert_close(transform(IMAGES, draws), transform.plain(IMAGES, draws), atol=1e-4, rtol=0)


def test_the_same_numbers_change_a_crop_alike_in_any_batch():
    transform, draws = CropTransform(24, **ALL).train(), torch.rand(6, 9)
    whole = transform(IMAGES, draws)
    parts = torch.cat([transform(IMAGES[rows], draws[rows]) for rows in (slice(0, 1), slice(1, 6))])
    torch.testing.assert_close(whole, parts)


@pytest.mark.parametrize("options", AUGMENTED, ids=lambda options: next(iter(options)))
def test_augmentation_acts_in_training_only(options):
    transform = CropTransform(24, **options)
    plain = CropTransform(24).eval()(IMAGES)
    before = IMAGES.clone()
    assert not torch.equal(transform.train()(IMAGES), plain)
    torch.testing.assert_close(transform.eval()(IMAGES), plain)
    assert torch.equal(IMAGES, before)


def test_brightness_and_contrast_change_all_channels_alike():
    gray = torch.full((4, 3, 24, 24), 100, dtype=torch.uint8)
    gray[:, :, :12] = 140
    transform = CropTransform(24, brightness=0.3, contrast=0.3).train()
    values = transform(gray) * transform.std + transform.mean
    torch.testing.assert_close(values[:, 0], values[:, 1], atol=1e-3, rtol=0)
    assert len(values[:, 0, 0, 0].unique()) == 4


def test_random_erasing_erases_a_rectangle_of_the_mean_colour():
    transform = CropTransform(24, random_erasing=1.0).train()
    white = torch.full((20, 3, 24, 24), 255, dtype=torch.uint8)
    erased = (transform(white)[:, 0].abs() < 1e-5).float()
    shares = erased.mean(dim=(1, 2))
    assert shares.max() <= 0.4
    assert (shares > 0).float().mean() > 0.7
    for mask in erased[shares > 0]:
        assert torch.equal(mask, torch.outer(mask.amax(1), mask.amax(0)))


def test_shift_moves_each_crop_by_its_own_offset():
    images = torch.zeros(8, 3, 25, 25, dtype=torch.uint8)
    images[:, :, 12, 12] = 255
    shifted = CropTransform(25, shift=0.2).train()(images)[:, 0]
    places = {divmod(int(values.argmax()), 25) for values in shifted}
    assert len(places) > 3
    assert all(abs(row - 12) <= 5 and abs(column - 12) <= 5 for row, column in places)


def test_standardised_lightness_is_the_same_in_any_light():
    transform = CropTransform(24, illumination="standardize").eval()
    dark = (IMAGES.float() * 0.5).round()
    torch.testing.assert_close(transform(dark), transform(IMAGES), atol=0.1, rtol=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shape": "crop"}, "transform.shape must be one of stretch, letterbox, got 'crop'"),
        ({"normalization": "none"}, "transform.normalization"),
        ({"illumination": "hue"}, "transform.illumination"),
        ({"brightness": -0.1}, "transform.brightness must lie within 0..1, got -0.1"),
        ({"shift": 0.6}, "transform.shift"),
        ({"random_erasing": 2}, "transform.random_erasing"),
        ({"image_size": 0}, "transform.image_size"),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        CropTransform(**options)


def test_statistics_of_nothing_leave_the_defaults():
    transform = CropTransform(24, normalization="dataset")
    transform.fit(np.zeros((0, 24, 24, 3), np.uint8))
    torch.testing.assert_close(transform.mean.flatten(), 255 * torch.tensor(IMAGENET_MEAN))
