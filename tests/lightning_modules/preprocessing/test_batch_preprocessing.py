import numpy as np
import pytest
import torch

from lightning_modules.preprocessing import imagenet
from lightning_modules.preprocessing.batch_preprocessing import BatchPreprocessing, standardized

torch.manual_seed(0)
IMAGES = torch.randint(0, 256, (6, 3, 24, 24), dtype=torch.uint8)


def uniforms_of(preprocessing, count, epoch=0, step=0):
    return preprocessing.uniforms(epoch, step, torch.arange(count))


def test_normalisation_is_the_textbooks():
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in (imagenet.MEAN, imagenet.STD))
    expected = (IMAGES.float() / 255 - mean) / std
    torch.testing.assert_close(BatchPreprocessing()(IMAGES), expected)


def test_dataset_statistics_leave_mean_zero_and_deviation_one():
    preprocessing = BatchPreprocessing(normalization="dataset")
    preprocessing.fit(IMAGES.permute(0, 2, 3, 1).numpy())
    values = preprocessing(IMAGES).permute(1, 0, 2, 3).flatten(1)
    torch.testing.assert_close(values.mean(1), torch.zeros(3), atol=1e-4, rtol=0)
    torch.testing.assert_close(values.std(1), torch.ones(3), atol=1e-2, rtol=0)


AUGMENTED = [{"brightness": 0.3}, {"contrast": 0.3}, {"shift": 0.2}, {"random_erasing": 1.0}]


ALL = {"brightness": 0.3, "contrast": 0.3, "shift": 0.2, "random_erasing": 0.5}


@pytest.mark.parametrize("illumination", ["none", "standardize"])
@pytest.mark.parametrize("options", [*AUGMENTED, ALL, {}], ids=lambda options: "-".join(options) or "none")
@pytest.mark.parametrize("shape", [(1, 3, 24, 24), (6, 3, 24, 24), (9, 3, 25, 31), (0, 3, 24, 24)], ids=str)
def test_the_fused_pass_is_the_formulas(shape, options, illumination):
    torch.manual_seed(1)
    images, uniforms = torch.randint(0, 256, shape, dtype=torch.uint8), torch.rand(shape[0], 9)
    preprocessing = BatchPreprocessing(illumination=illumination, **options)
    values = standardized(images.float()) if illumination == "standardize" else images
    expected = preprocessing.by_formulas(values, uniforms)
    torch.testing.assert_close(preprocessing(images, uniforms), expected, atol=1e-4, rtol=1e-5)


@pytest.mark.parametrize("count", [0, 1, 4, 7])
@pytest.mark.parametrize("options", [ALL, {}], ids=lambda options: "augmented" if options else "plain")
def test_input_of_another_dtype_is_rounded_at_the_end(options, count):
    images, uniforms = torch.randint(0, 256, (count, 3, 24, 24), dtype=torch.uint8), torch.rand(count, 9)
    preprocessing = BatchPreprocessing(**options)
    rounded = preprocessing(images, uniforms, torch.bfloat16)
    assert rounded.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(rounded, preprocessing(images, uniforms).bfloat16())


def test_extreme_numbers_are_fine():
    preprocessing = BatchPreprocessing(brightness=1, contrast=1, shift=0.5, random_erasing=1.0)
    for value in (0.0, 1.0):
        uniforms = torch.full((6, 9), value)
        torch.testing.assert_close(
            preprocessing(IMAGES, uniforms), preprocessing.by_formulas(IMAGES, uniforms), atol=1e-4, rtol=0
        )


def test_the_same_numbers_change_a_crop_alike_in_any_batch():
    preprocessing, uniforms = BatchPreprocessing(**ALL), torch.rand(6, 9)
    whole = preprocessing(IMAGES, uniforms)
    parts = torch.cat([preprocessing(IMAGES[rows], uniforms[rows]) for rows in (slice(0, 1), slice(1, 6))])
    torch.testing.assert_close(whole, parts)


@pytest.mark.parametrize("options", AUGMENTED, ids=lambda options: next(iter(options)))
def test_crops_are_augmented_by_random_numbers_only(options):
    preprocessing = BatchPreprocessing(**options)
    plain = BatchPreprocessing()(IMAGES)
    before = IMAGES.clone()
    assert not torch.equal(preprocessing(IMAGES, uniforms_of(preprocessing, len(IMAGES))), plain)
    torch.testing.assert_close(preprocessing(IMAGES), plain)
    assert torch.equal(IMAGES, before)


def test_brightness_and_contrast_change_all_channels_alike():
    gray = torch.full((4, 3, 24, 24), 100, dtype=torch.uint8)
    gray[:, :, :12] = 140
    preprocessing = BatchPreprocessing(brightness=0.3, contrast=0.3)
    values = preprocessing(gray, uniforms_of(preprocessing, 4)) * preprocessing.std + preprocessing.mean
    torch.testing.assert_close(values[:, 0], values[:, 1], atol=1e-3, rtol=0)
    assert len(values[:, 0, 0, 0].unique()) == 4


def test_random_erasing_erases_a_rectangle_of_the_mean_colour():
    preprocessing = BatchPreprocessing(random_erasing=1.0)
    white = torch.full((20, 3, 24, 24), 255, dtype=torch.uint8)
    erased = (preprocessing(white, uniforms_of(preprocessing, 20))[:, 0].abs() < 1e-5).float()
    shares = erased.mean(dim=(1, 2))
    assert shares.max() <= 0.4
    assert (shares > 0).float().mean() > 0.7
    for mask in erased[shares > 0]:
        assert torch.equal(mask, torch.outer(mask.amax(1), mask.amax(0)))


def test_shift_moves_each_crop_by_its_own_offset():
    images = torch.zeros(8, 3, 25, 25, dtype=torch.uint8)
    images[:, :, 12, 12] = 255
    preprocessing = BatchPreprocessing(shift=0.2)
    shifted = preprocessing(images, uniforms_of(preprocessing, 8))[:, 0]
    places = {divmod(int(values.argmax()), 25) for values in shifted}
    assert len(places) > 3
    assert all(abs(row - 12) <= 5 and abs(column - 12) <= 5 for row, column in places)


def test_standardised_lightness_is_the_same_in_any_light():
    preprocessing = BatchPreprocessing(illumination="standardize")
    dark = (IMAGES.float() * 0.5).round()
    torch.testing.assert_close(preprocessing(dark), preprocessing(IMAGES), atol=0.1, rtol=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"normalization": "none"}, "preprocessing.normalization"),
        ({"illumination": "hue"}, "preprocessing.illumination"),
        ({"brightness": -0.1}, "preprocessing.brightness must be within 0..1, got -0.1"),
        ({"shift": 0.6}, "preprocessing.shift"),
        ({"random_erasing": 2}, "preprocessing.random_erasing"),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        BatchPreprocessing(**options)


def test_statistics_of_nothing_leave_the_defaults():
    preprocessing = BatchPreprocessing(normalization="dataset")
    preprocessing.fit(np.zeros((0, 24, 24, 3), np.uint8))
    torch.testing.assert_close(preprocessing.mean.flatten(), 255 * torch.tensor(imagenet.MEAN))


def test_random_numbers_differ_between_crops_steps_epochs_and_seeds():
    first, other = BatchPreprocessing(shift=0.1), BatchPreprocessing(shift=0.1, seed=1)
    drawn = [
        uniforms_of(first, 8),
        uniforms_of(first, 8, step=1),
        uniforms_of(first, 8, epoch=1),
        uniforms_of(other, 8),
    ]
    numbers = torch.cat(drawn)
    assert numbers.unique().numel() == 4 * 8 * 9
    assert 0 <= numbers.min() < numbers.max() < 1


@pytest.mark.parametrize("world_size", [2, 3, 5])
@pytest.mark.parametrize("count", [1, 2, 9, 12])
def test_a_crop_gets_the_numbers_of_its_place_whichever_process_takes_it(count, world_size):
    preprocessing = BatchPreprocessing(shift=0.1, seed=3)
    whole = preprocessing.uniforms(2, 5, torch.arange(count))
    # Written out, so that curves of one seed stay what they are.
    expected = np.random.default_rng((3, 2, 5)).random((count, 9), dtype=np.float32)
    np.testing.assert_array_equal(whole.numpy(), expected)
    for rank in range(world_size):
        places = torch.arange(count)[rank::world_size]
        if len(places):
            assert torch.equal(preprocessing.uniforms(2, 5, places), whole[places])


def test_without_augmentation_nothing_is_drawn():
    assert BatchPreprocessing().uniforms(0, 0, torch.arange(4)) is None
    assert BatchPreprocessing(shift=0.1).uniforms(0, 0, torch.arange(0)) is None
