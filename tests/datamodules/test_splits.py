import numpy as np
import pytest

from datamodules.splits import first_of_each, split_by_photo


def random_crops(seed, count=400):
    rng = np.random.default_rng(seed)
    photos = np.array([f"p{number}" for number in rng.integers(0, 40, count)])
    photos[rng.random(count) < 0.1] = ""
    return photos, rng.integers(0, 900, count).astype(str)


@pytest.mark.parametrize("seed", range(10))
def test_neither_photos_nor_copies_stand_on_both_sides(seed):
    photos, contents = random_crops(seed)
    held_back = split_by_photo(photos, contents, 0.3, seed)
    assert not set(photos[held_back]) & set(photos[~held_back])
    assert not set(contents[held_back]) & set(contents[~held_back])
    assert not held_back[photos == ""].any()


def test_the_share_is_met_to_within_one_photo():
    photos = np.repeat(np.arange(50).astype(str), 10)
    held_back = split_by_photo(photos, np.arange(500).astype(str), 0.2, 3)
    assert held_back.sum() == 100


def test_seeds_split_differently_and_repeat():
    photos = np.repeat(np.arange(50).astype(str), 10)
    contents = np.arange(500).astype(str)
    first, again, other = (split_by_photo(photos, contents, 0.2, seed) for seed in (0, 0, 1))
    assert (first == again).all()
    assert (first != other).any()


def test_nothing_is_held_back_of_nothing_or_at_zero():
    assert split_by_photo(np.array([], dtype=str), np.array([], dtype=str), 0.5, 0).tolist() == []
    assert not split_by_photo(np.array(["a", "b"]), np.array(["1", "2"]), 0.0, 0).any()


@pytest.mark.parametrize("fraction", [-0.1, 1.0, float("nan")])
def test_wrong_shares_are_named(fraction):
    with pytest.raises(ValueError, match="validation_fraction"):
        split_by_photo(np.array(["a"]), np.array(["1"]), fraction, 0)


def test_the_first_of_each_content_is_kept():
    assert first_of_each(np.array(["b", "a", "b", "c", "a"])).tolist() == [True, True, False, True, False]
