import numpy as np
import pytest

from datamodules.synthetic.packages.catalogue import FORMS, make_catalogue
from datamodules.synthetic.packages.package import draw_package


def test_same_seed_gives_the_same_products_and_another_seed_others() -> None:
    assert make_catalogue(3, 5) == make_catalogue(3, 5)
    assert make_catalogue(3, 5) != make_catalogue(4, 5)


def test_default_size_and_unique_names() -> None:
    catalogue = make_catalogue(0)
    names = [product.name for product in catalogue.products]
    assert len(catalogue.brands) == 16
    assert 40 <= len(names) <= 85
    assert len(set(names)) == len(names)


def test_products_of_a_brand_differ_from_its_first_in_one_thing_only() -> None:
    catalogue = make_catalogue(1)
    for brand in range(len(catalogue.brands)):
        first, *others = (catalogue.products[label] for label in catalogue.of_brand(brand))
        assert 1 <= len(others) <= 5
        for other in others:
            changes = [other.accent != first.accent, other.picture != first.picture, other.word != first.word,
                       (other.width, other.height) != (first.width, first.height)]  # fmt: skip
            assert sum(changes) == 1


def test_every_form_can_be_drawn_and_look_alikes_are_not_the_same_picture() -> None:
    catalogue = make_catalogue(2, len(FORMS))
    assert {brand.form for brand in catalogue.brands} == set(FORMS)
    for brand in range(len(FORMS)):
        first, other = (np.asarray(draw_package(catalogue, label)) for label in catalogue.of_brand(brand)[:2])
        assert first.ndim == 3
        assert first[..., 3].min() < 255 or catalogue.brands[brand].form == "carton"
        assert first.shape != other.shape or (first != other).any()


@pytest.mark.parametrize(("seed", "num_brands", "message"), [(-1, 4, "seed .* -1"), (0, 1, "num_brands .* 1")])
def test_bad_arguments_are_named(seed: int, num_brands: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_catalogue(seed, num_brands)
