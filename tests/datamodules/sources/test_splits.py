import numpy as np
import pytest

from datamodules.sources.split_options import SplitOptions
from datamodules.sources.splits import (
    deal,
    first_of_each_content,
    fold_of_photos,
    fold_of_products,
    place_in_order,
    split_by_photo,
)


def random_crops(seed, count=400):
    rng = np.random.default_rng(seed)
    photos = np.array([f"p{number}" for number in rng.integers(0, 40, count)])
    photos[rng.random(count) < 0.1] = ""
    return photos, rng.integers(0, 900, count).astype(str)


@pytest.mark.parametrize("seed", range(10))
def test_neither_photos_nor_copies_stand_on_both_sides(seed):
    photos, contents = random_crops(seed)
    held_out = split_by_photo(photos, contents, 0.3, seed)
    assert not set(photos[held_out]) & set(photos[~held_out])
    assert not set(contents[held_out]) & set(contents[~held_out])
    assert not held_out[photos == ""].any()


def test_the_share_is_met_to_within_one_photo():
    photos = np.repeat(np.arange(50).astype(str), 10)
    held_out = split_by_photo(photos, np.arange(500).astype(str), 0.2, 3)
    assert held_out.sum() == 100


def test_seeds_split_differently_and_repeat():
    photos = np.repeat(np.arange(50).astype(str), 10)
    contents = np.arange(500).astype(str)
    first, again, other = (split_by_photo(photos, contents, 0.2, seed) for seed in (0, 0, 1))
    assert (first == again).all()
    assert (first != other).any()


def test_nothing_is_held_out_of_nothing_or_at_zero():
    assert split_by_photo(np.array([], dtype=str), np.array([], dtype=str), 0.5, 0).tolist() == []
    assert not split_by_photo(np.array(["a", "b"]), np.array(["1", "2"]), 0.0, 0).any()


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_wrong_shares_are_named(fraction):
    with pytest.raises(ValueError, match="validation_fraction"):
        split_by_photo(np.array(["a"]), np.array(["1"]), fraction, 0)


def test_the_first_of_each_content_is_kept():
    assert first_of_each_content(np.array(["b", "a", "b", "c", "a"])).tolist() == [True, True, False, True, False]


@pytest.mark.parametrize("seed", range(5))
def test_folds_cut_neither_photos_nor_copies_and_every_known_crop_is_in_one(seed):
    photos, contents = random_crops(seed)
    # Most photos share no image, or all would be one group.
    contents[:370] = np.arange(1000, 1370).astype(str)
    folds = fold_of_photos(photos, contents, 5, seed)
    assert set(folds) == {-1, 0, 1, 2, 3, 4}
    for values in (photos[folds >= 0], contents[folds >= 0]):
        for value in np.unique(values):
            assert len(np.unique(folds[folds >= 0][values == value])) == 1
    assert (folds[photos == ""] == -1).all()
    assert not set(contents[folds == -1]) & set(contents[folds >= 0])


@pytest.mark.parametrize("seed", range(5))
def test_folds_are_balanced_in_groups_and_in_size(seed):
    sizes = np.random.default_rng(seed).integers(1, 90, 33)
    folds = deal(sizes, 5, seed)
    assert set(np.bincount(folds, minlength=5)) == {6, 7}
    totals = np.bincount(folds, weights=sizes)
    assert totals.max() - totals.min() <= sizes.max()
    assert (folds == deal(sizes, 5, seed)).all()
    assert (folds != deal(sizes, 5, seed + 1)).any()


def test_products_with_a_common_image_are_unseen_together():
    labels = np.repeat(np.arange(10), 4)
    contents = np.arange(40)
    contents[4] = contents[0]
    contents[39] = contents[4]
    for seed in range(5):
        folds = fold_of_products(labels, contents, 4, seed)
        assert len(set(folds[np.isin(labels, (0, 1, 9))])) == 1
        assert set(folds) == {0, 1, 2, 3}
        assert all(len(set(folds[labels == label])) == 1 for label in range(10))


def test_every_product_is_unseen_once():
    labels, contents = np.repeat(np.arange(7), 3), np.arange(21)
    unseen = [SplitOptions(unseen_folds=3, unseen_fold=fold).unseen(labels, contents, 7) for fold in range(3)]
    assert (np.sum(unseen, axis=0) == 1).all()


def test_the_order_of_frames_counts_numbers_as_numbers():
    names = ["video10.jpg", "video9.jpg", "video100.jpg", "b1.jpg"]
    assert place_in_order(np.array([0, 0, 0, 1]), names).tolist() == [1 / 3, 0, 2 / 3, 0]


@pytest.mark.parametrize("count", [3, 7, 10, 45])
def test_stretches_of_frames_are_held_out_once_and_are_neighbours(count):
    labels, contents = np.zeros(count, dtype=int), np.arange(count)
    names = [f"f{number}.jpg" for number in range(count)]
    masks = [SplitOptions(folds=3, fold=fold).held_out_by_order(labels, names, contents) for fold in range(3)]
    assert (np.sum(masks, axis=0) == 1).all()
    assert all(np.diff(np.flatnonzero(mask)).max(initial=1) == 1 for mask in masks)
    last = SplitOptions(validation_fraction=0.34).held_out_by_order(labels, names, contents)
    assert last[-1]
    assert not last[0]


def test_a_copy_of_a_training_frame_is_not_held_out():
    contents = np.array([0, 1, 2, 0])
    names = ["1", "2", "3", "4"]
    mask = SplitOptions(folds=2, fold=1).held_out_by_order(np.zeros(4, dtype=int), names, contents)
    assert mask.tolist() == [False, False, True, False]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"folds": 1}, r"data\.folds must be at least 2, got 1"),
        ({"fold": 5}, r"data\.fold must lie within 0\.\.4, got 5"),
        ({"unseen_folds": 3, "unseen_fold": -1}, r"data\.unseen_fold must lie within 0\.\.2, got -1"),
        ({"validation_fraction": 1.5}, "validation_fraction"),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        SplitOptions(**options)


def test_more_folds_than_photos_or_products_are_refused():
    with pytest.raises(ValueError, match="4 folds need as many photos that share no image, found 3"):
        fold_of_photos(np.array(["a", "b", "c"]), np.array(["1", "2", "3"]), 4, 0)
    with pytest.raises(ValueError, match="4 folds need as many products that share no image, found 2"):
        fold_of_products(np.array([0, 1, 2]), np.array(["1", "1", "3"]), 4, 0)
