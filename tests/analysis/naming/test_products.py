"""Names of groups, on embeddings whose products are known."""

import numpy as np
import pytest

from analysis.naming.products import NamedProducts

CENTRES = np.eye(8)


def crops(product, count, spread=0.1, seed=0):
    noise = np.random.default_rng([seed, product]).normal(0, spread, (count, 8))
    return CENTRES[product] + noise


@pytest.fixture
def products():
    rows = np.concatenate([crops(product, 6) for product in range(4)])
    return NamedProducts.learn(rows, [f"p{product}" for product in range(4) for _ in range(6)], "cosine", 0.3)


def test_groups_of_known_products_are_named_and_others_are_not(products):
    rows = np.concatenate([crops(product, 3, seed=1) for product in (2, 0, 6)])
    naming = products.name(rows, np.repeat([5, 3, 0], 3))
    assert naming.names == ("p2",) * 3 + ("p0",) * 3 + ("",) * 3
    assert naming.confidence[:6].min() > 0.95 > naming.confidence[6:].max()


def test_a_group_has_one_name_and_items_alone_have_their_own(products):
    rows = np.concatenate([crops(1, 1, seed=2), crops(3, 1, seed=2)])
    assert products.name(rows, np.array([-1, -1])).names == ("p1", "p3")
    assert len(set(products.name(rows, np.array([0, 0])).names)) == 1


def test_a_wrong_item_in_a_group_costs_it_no_name(products):
    rows = np.concatenate([crops(1, 3, seed=2), crops(6, 1)])
    assert products.name(rows, np.zeros(4, dtype=np.int64)).names == ("p1",) * 4


def test_a_group_between_two_products_is_less_sure(products):
    sure = products.name(CENTRES[[0]], np.array([0])).confidence[0]
    assert products.name(CENTRES[[0]] + 0.9 * CENTRES[1], np.array([0])).confidence[0] < sure


def test_about_as_many_unknown_products_get_a_name_as_may():
    generator = np.random.default_rng(0)
    centres = generator.normal(size=(600, 12))
    known = np.repeat(centres[:60], 5, axis=0) + 0.3 * generator.normal(size=(300, 12))
    products = NamedProducts.learn(known, np.repeat(np.arange(60), 5).astype(str).tolist(), "cosine", 0.2)
    rows = centres + 0.3 * generator.normal(size=(600, 12))
    for rate in (0.05, 0.2):
        named = np.array(products.name(rows, np.arange(600), rate).names) != ""
        assert 0.4 * rate < named[60:].mean() < 1.6 * rate
    assert named[:60].mean() > 0.8
    assert products.name(rows, np.arange(600), 1.0).names.count("") == 0


def test_crops_of_one_photo_do_not_tell_how_a_product_looks_in_another():
    generator = np.random.default_rng(1)
    product, photo = np.repeat(np.arange(10), 6), np.tile([0, 1], 30)
    rows = generator.normal(size=(10, 2, 8))[product, photo] + 0.01 * generator.normal(size=(60, 8))
    names = product.astype(str).tolist()
    plain = NamedProducts.learn(rows, names, "cosine", 0.5)
    of_photos = NamedProducts.learn(rows, names, "cosine", 0.5, photo.tolist())
    assert of_photos.spread.mean() > plain.spread.mean() + 1


@pytest.mark.parametrize(("names", "expected"), [(["Cola", "cola "], 1), (["é", "e\u0301"], 1), (["a", "b"], 2)])
def test_spellings_of_one_name_are_one_product(names, expected):
    assert len(NamedProducts.learn(crops(0, 2), names, "cosine", 0.3).crops) == expected


def test_one_crop_of_one_product_is_enough():
    products = NamedProducts.learn(CENTRES[:1], ["only"], "cosine", 0.3)
    assert products.name(CENTRES[:2], np.array([-1, -1])).names == ("only", "")
    assert products.name(CENTRES[:0], np.array([], dtype=np.int64)).names == ()


@pytest.mark.parametrize("photos", [None, [0, 0]])
def test_crops_that_are_all_equal_give_finite_confidence(photos):
    products = NamedProducts.learn(CENTRES[[0, 0]], ["a", "b"], "cosine", 0.3, photos)
    naming = products.name(CENTRES[[0, 1]], np.array([-1, -1]))
    assert np.isfinite(naming.confidence).all()
    assert naming.names[1] == ""


def test_what_cannot_be_is_refused(products):
    with pytest.raises(ValueError, match="at least one product"):
        NamedProducts.learn(np.zeros((0, 8)), [], "cosine", 0.3)
    with pytest.raises(ValueError, match="positive"):
        NamedProducts.learn(CENTRES, list("abcdefgh"), "cosine", 0.0)
    with pytest.raises(ValueError, match="unknown_named must be"):
        products.name(CENTRES, np.arange(8), 1.5)
