"""Copies, near-copies and what a random split leaks."""

import io

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter

from analysis.audit.copies import find_copies
from analysis.audit.leakage import random_split_leakage
from analysis.audit.samples import Samples


@pytest.fixture
def pictures():
    noise = np.random.default_rng(0).uniform(0, 255, (20, 112, 112, 3))
    return np.clip(128 + 9 * (gaussian_filter(noise, (0, 4, 4, 0)) - 128), 0, 255).astype(np.uint8)


def recompressed(picture, quality=60, side=112):
    buffer = io.BytesIO()
    Image.fromarray(picture).resize((side, side)).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer).resize((112, 112)))


def names(count):
    return np.array([f"content{number}" for number in range(count)])


@pytest.mark.parametrize(("quality", "side"), [(60, 112), (90, 70), (90, 150)])
def test_a_recompressed_or_resized_picture_is_a_near_copy(pictures, quality, side):
    pictures[13] = recompressed(pictures[4], quality, side)
    copies = find_copies(pictures, names(20))
    assert copies.near.tolist() == [[4, 13]]
    assert copies.similarity[0] >= 0.97
    assert not copies.identical


def test_another_colour_or_mirrored_picture_is_none(pictures):
    pictures[13], pictures[14] = pictures[4][:, :, ::-1], pictures[4][:, ::-1]
    assert not len(find_copies(pictures, names(20)).near)


def test_plain_pictures_are_no_near_copies_of_each_other(pictures):
    pictures[:5] = np.arange(0, 250, 50, dtype=np.uint8)[:, None, None, None]
    assert not len(find_copies(pictures, names(20)).near)


def test_identical_contents_are_sets_and_stand_for_each_other(pictures):
    contents = names(20)
    contents[[7, 9]] = contents[2]
    pictures[[7, 9]] = pictures[2]
    copies = find_copies(pictures, contents)
    assert [rows.tolist() for rows in copies.identical] == [[2, 7, 9]]
    assert not len(copies.near)


def test_squares_that_are_too_small_are_refused(pictures):
    with pytest.raises(ValueError, match="at least 56 pixels, got 40"):
        find_copies(pictures[:, :40, :40], names(20))


def test_leakage_of_hand_counted_cases(pictures):
    def leakage(photos, contents):
        samples = Samples(np.zeros((20, 2)), np.arange(20) % 2, np.array(photos), contents, pictures)
        return random_split_leakage(samples, find_copies(pictures, contents))

    alone = leakage([f"photo{number}" for number in range(20)], names(20))
    assert (alone.copy, alone.near_copy, alone.photo, alone.any) == (0, 0, 0, 0)
    unknown = leakage([""] * 20, names(20))
    assert unknown.photo == 0
    # Twenty copies of one image: whatever is held out has a copy on the other side.
    same = leakage([""] * 20, np.array(["one"] * 20))
    assert same.copy == same.any == 1
    pictures[10:] = [recompressed(picture) for picture in pictures[:10]]
    near = leakage([""] * 20, names(20))
    # Held back with 3 of the other 19: the partner is on the other side with probability 16 / 19.
    assert near.near_copy == pytest.approx(16 / 19, abs=0.12)
    assert near.copy == 0
