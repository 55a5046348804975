"""What is sold: brands, and per brand a few products that look almost the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np

from datamodules.synthetic.packages.glyphs import GLYPHS
from datamodules.synthetic.packages.lettering import Typeface
from datamodules.synthetic.packages.palette import ACCENTS, FRUIT_COLOURS, SCHEMES, Colour, Scheme, distance, mix

Choice = TypeVar("Choice")
FORMS: dict[str, tuple[float, float, float, float]] = {
    # narrowest and widest, lowest and highest, in centimetres
    "bottle": (7.4, 8.8, 22.0, 25.5),
    "carton": (9.5, 12.0, 17.5, 22.0),
    "gable": (7.8, 8.8, 19.5, 23.0),
    "jar": (8.2, 9.4, 11.5, 13.5),
    "tub": (10.0, 11.8, 7.6, 9.0),
    "pouch": (11.5, 13.5, 16.5, 20.5),
    "can": (6.9, 7.9, 11.0, 13.0),
}
LAYOUTS = ("arch", "band", "wave", "stripes", "medallion", "corner")
DIFFERENCES = ("picture", "text", "colour", "mixed", "picture", "text", "size", "mixed")
WORDS = ("mild", "dark", "zero", "extra", "fresh", "gold", "pure", "royal", "dolce", "fino", "rustic", "mix 5")
AMOUNTS = ("250 g", "330 g", "400 g", "500 g", "650 g", "900 g")
GLASS: tuple[Colour, ...] = ((92, 52, 24), (46, 84, 52), (214, 206, 190))
# Each size of one product: fraction of the width, fraction of the height.
SIZES = ((1.0, 1.0), (1.0, 0.84), (0.84, 0.9), (0.86, 1.05), (1.12, 0.8), (0.9, 0.76))
ONSETS = ("Al", "Bru", "Cal", "Do", "El", "Fen", "Gri", "Hal", "Ju", "Kor", "Lu", "Mar", "Nor", "Or", "Pel", "Sol")
MIDDLES = ("a", "be", "do", "li", "mo", "na", "ri", "ve")
ENDINGS = ("ka", "lo", "mi", "na", "ra", "sso", "ta", "vo")


class Product(NamedTuple):
    """One product as it is printed; products of a brand differ in one of the last fields only."""

    name: str
    brand: int
    accent: Colour
    picture: str
    word: str
    amount: str
    width: float
    height: float


@dataclass(frozen=True)
class Brand:
    """What all products of a brand have in common."""

    name: str
    form: str
    layout: str
    scheme: Scheme
    fruit: Colour
    lid: Colour
    body: Colour
    typeface: Typeface
    difference: str


@dataclass(frozen=True)
class Catalogue:
    """All brands and all products; a product's label is its position in `products`."""

    brands: tuple[Brand, ...]
    products: tuple[Product, ...]

    def of_brand(self, brand: int) -> list[int]:
        """Return labels of one brand's products."""
        return [label for label, product in enumerate(self.products) if product.brand == brand]


def make_catalogue(seed: int, num_brands: int = 16) -> Catalogue:
    """Invent the products; the same seed gives the same products.

    Args:
        seed: Any whole number from 0.
        num_brands: 2 to 200.

    Raises:
        ValueError: If an argument is out of its range.
    """
    if seed < 0:
        raise ValueError(f"seed must be 0 or more, got {seed}")
    if not 2 <= num_brands <= 200:
        raise ValueError(f"num_brands must be 2 to 200, got {num_brands}")
    generator = np.random.default_rng([seed, 0])
    names = _brand_names(generator, num_brands)
    spread = [_spread(generator, choices, num_brands) for choices in (tuple(FORMS), LAYOUTS, SCHEMES, DIFFERENCES)]
    brands = tuple(_brand(generator, *identity) for identity in zip(names, *spread, strict=True))
    products = [product for index, brand in enumerate(brands) for product in _products(generator, index, brand)]
    return Catalogue(brands, tuple(products))


def _spread(generator: np.random.Generator, choices: Sequence[Choice], count: int) -> list[Choice]:
    """Return each choice about equally often, in random order."""
    repeated = [choices[i % len(choices)] for i in range(count)]
    return [repeated[i] for i in generator.permutation(count)]


def _brand_names(generator: np.random.Generator, count: int) -> list[str]:
    """Return invented names, all different."""
    names = [a + b + c for a in ONSETS for b in MIDDLES for c in ENDINGS]
    return [names[i] for i in generator.choice(len(names), count, replace=False)]


def _brand(generator: np.random.Generator, name: str, form: str, layout: str, scheme: Scheme, difference: str) -> Brand:
    """Draw what a brand's products share."""
    fruits = [colour for colour in FRUIT_COLOURS if distance(colour, scheme.base) > 110]
    bodies = (mix(scheme.base, scheme.second, 0.12), mix(scheme.second, scheme.base, 0.1), *GLASS)
    lids = (scheme.second, scheme.base, (238, 236, 230), (52, 50, 52), (196, 158, 72))
    return Brand(
        name=name,
        form=form,
        # The side panel of a corner label would be hidden by the curve of a round package.
        layout="arch" if layout == "corner" and form not in ("carton", "gable", "pouch") else layout,
        scheme=scheme,
        fruit=fruits[generator.integers(len(fruits))],
        lid=lids[generator.integers(2 if form == "gable" else len(lids))],
        body=bodies[generator.integers(len(bodies))] if form in ("bottle", "jar") else bodies[0],
        typeface=Typeface(float(generator.choice([0.012, 0.03, 0.05])), float(generator.choice([0.0, 0.0, 0.22])),
                          bool(generator.random() < 0.5)),
        difference=difference,
    )  # fmt: skip


def _products(generator: np.random.Generator, index: int, brand: Brand) -> list[Product]:
    """Return two to six look-alikes: a first product, and others that differ from it in one thing."""
    count = int(generator.integers(2, 7))
    narrow, wide, low, high = FORMS[brand.form]
    first_accent = int(generator.integers(len(ACCENTS)))
    accents = [list(ACCENTS)[(first_accent + step) % len(ACCENTS)] for step in range(6)]
    pictures = [str(kind) for kind in generator.permutation(list(GLYPHS))[:6]]
    words = [str(word) for word in generator.permutation(WORDS)[:6]]
    width, height = float(generator.uniform(narrow, wide)), float(generator.uniform(low, high))
    first = Product("", index, ACCENTS[accents[0]], pictures[0], words[0], AMOUNTS[3], width, height)
    kinds = ("picture", "text", "colour") if brand.difference == "mixed" else (brand.difference,)

    def variant(step: int) -> Product:
        kind = kinds[step % len(kinds)]
        wider, higher = SIZES[step]
        named = {
            "picture": (pictures[step], {"picture": pictures[step]}),
            "text": (words[step], {"word": words[step]}),
            "colour": (accents[step], {"accent": ACCENTS[accents[step]]}),
            "size": (f"{wider:.2f}x{higher:.2f}", {"width": width * wider, "height": height * higher,
                                                   "amount": AMOUNTS[(3 + step) % len(AMOUNTS)]}),
        }  # fmt: skip
        label, changes = named[kind]
        return first._replace(name=f"{brand.name.lower()}-{label.replace(' ', '')}", **changes)  # type: ignore[arg-type]

    return [variant(step) for step in range(count)]
