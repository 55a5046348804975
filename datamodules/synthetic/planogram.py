"""Which product stands where: how often each is sold, which are kept for the test photos, and rows of facings."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from datamodules.synthetic.packages.catalogue import Catalogue

Weights = NDArray[np.float64]

STACKABLE_FORMS = ("tub", "can", "jar")


class Block(NamedTuple):
    """Facings of one product side by side, each a stack of `levels` packages."""

    product: int
    facings: int
    levels: int


@dataclass(frozen=True)
class PhotoPlan:
    """What one photo shows, from the upper left to the lower right."""

    rows: tuple[tuple[Block, ...], ...]
    pixels_per_centimetre: float


class Planner:
    """Plans photos for one catalogue.

    Args:
        catalogue: What is sold.
        unseen_fraction: Fraction of products that no training photo shows.
        generator: Source of chance; used up in the order of the calls.
    """

    def __init__(self, catalogue: Catalogue, unseen_fraction: float, generator: np.random.Generator) -> None:
        self.catalogue = catalogue
        self.generator = generator
        self.unseen = choose_unseen(catalogue, unseen_fraction, generator)
        self.popularity = _zipf(len(catalogue.products), generator)

    def plan(self, split: str, forced: list[int], width: int, height: int) -> PhotoPlan:
        """Plan one photo of at least the given size in pixels.

        Args:
            split: "train" leaves out the unseen products.
            forced: Products that shall be there.
            width: Pixels.
            height: Pixels; also says how large the packages are.
        """
        scale = float(self.generator.uniform(10.8, 12.9)) * height / 1200
        weights = self._weights(split)
        brands = self._brands(weights, forced)
        rows: list[tuple[Block, ...]] = []
        filled = 0.0
        while filled * scale < height:
            row = self._row(brands[len(rows) % len(brands)], brands, weights, forced, width / scale)
            rows.append(row)
            filled += 5.0 + max(self._height(block) for block in row)
        return PhotoPlan(tuple(rows), scale)

    def _weights(self, split: str) -> Weights:
        """Return how likely each product is on photos of this split."""
        weights = self.popularity.copy()
        unseen = sorted(self.unseen)
        if split == "train":
            weights[unseen] = 0
            return weights
        # Test photos show everything more evenly, or the measures would be about the best sellers alone.
        weights = np.sqrt(weights)
        weights[unseen] = weights.mean()
        return weights

    def _brands(self, weights: Weights, forced: list[int]) -> list[int]:
        """Return four or five brands: those of the forced products, then others by how well they sell."""
        owners = np.array([product.brand for product in self.catalogue.products])
        sold = np.bincount(owners, weights=weights, minlength=len(self.catalogue.brands))
        brands = list(dict.fromkeys(int(owners[label]) for label in forced))
        order = self.generator.exponential(size=len(sold)) / np.maximum(sold, 1e-12)
        others = [int(brand) for brand in np.argsort(order) if sold[brand] > 0 and brand not in brands]
        return brands + others[: max(2, int(self.generator.integers(4, 6)) - len(brands))]

    def _row(
        self, first: int, brands: list[int], weights: Weights, forced: list[int], room: float
    ) -> tuple[Block, ...]:
        """Return one shelf: a brand, then brands of about its height, until the shelf is full; in random order."""
        clear = self._stack_height(first, 26.0)
        empty = {brand: abs(clear - self._stack_height(brand, clear + 2)) for brand in brands}
        jitter = {brand: 0.0 if brand == first else float(self.generator.uniform(1, 4)) for brand in brands}
        queue = sorted(brands, key=lambda brand: empty[brand] + jitter[brand])
        queue = [brand for brand in queue if empty[brand] < 7]
        groups: list[list[Block]] = []
        width, step = 0.0, 0
        while width < room:
            group = self._group(queue[step % min(len(queue), 4)], weights, forced, clear + 2)
            groups.append(group)
            width += sum(block.facings * (self.catalogue.products[block.product].width + 0.4) for block in group)
            step += 1
        return tuple(block for i in self.generator.permutation(len(groups)) for block in groups[i])

    def _group(self, brand: int, weights: Weights, forced: list[int], clear: float) -> list[Block]:
        """Return some look-alikes of one brand, next to each other as in a shop."""
        labels = [label for label in self.catalogue.of_brand(brand) if weights[label] > 0]
        order = np.argsort(self.generator.exponential(size=len(labels)) / weights[labels])
        chosen = {labels[i] for i in order[: int(self.generator.integers(1, min(3, len(labels)) + 1))]}
        chosen |= set(forced) & set(labels)
        shelf_order = sorted(chosen) if self.generator.random() < 0.5 else sorted(chosen, reverse=True)
        return [self._block(label, weights[label] / max(weights), clear) for label in shelf_order]

    def _block(self, label: int, popularity: float, clear: float) -> Block:
        """Return a product's facings, more for best sellers; stacks fill the height of the shelf, in centimetres."""
        facings = 1 + int(self.generator.binomial(5, 0.12 + 0.38 * popularity**0.5))
        return Block(label, facings, self._levels(label, clear))

    def _levels(self, label: int, clear: float) -> int:
        product = self.catalogue.products[label]
        stackable = self.catalogue.brands[product.brand].form in STACKABLE_FORMS
        return max(1, min(2, int(clear / product.height))) if stackable else 1

    def _height(self, block: Block) -> float:
        return self.catalogue.products[block.product].height * block.levels

    def _stack_height(self, brand: int, clear: float) -> float:
        """Return how high a brand's first product stands on a shelf of the given height."""
        label = self.catalogue.of_brand(brand)[0]
        return self.catalogue.products[label].height * self._levels(label, clear)


def choose_unseen(catalogue: Catalogue, fraction: float, generator: np.random.Generator) -> frozenset[int]:
    """Return products for the test photos only: about half of them whole brands, the others variants of seen brands.

    Args:
        catalogue: What is sold.
        fraction: Fraction of the products, 0 to 0.7; every seen brand keeps at least one seen product.
        generator: Source of chance.

    Raises:
        ValueError: If the fraction is out of range.
    """
    if not 0 <= fraction <= 0.7:
        raise ValueError(f"unseen_fraction must be 0 to 0.7, got {fraction}")
    wanted = round(fraction * len(catalogue.products))
    unseen: set[int] = set()
    order = [int(brand) for brand in generator.permutation(len(catalogue.brands))]
    whole = order[: len(order) // 2]
    while whole and len(unseen) + len(catalogue.of_brand(whole[0])) <= (wanted + 3) / 2:
        unseen.update(catalogue.of_brand(order.pop(0)))
        whole.pop(0)
    spare = [[int(label) for label in generator.permutation(catalogue.of_brand(brand))][1:] for brand in order]
    rounds = [labels[turn] for turn in range(6) for labels in spare if turn < len(labels)]
    return frozenset(unseen | set(rounds[: max(0, wanted - len(unseen))]))


def _zipf(count: int, generator: np.random.Generator) -> Weights:
    """Return popularities that fall with a power of the rank, in random order; they sum to 1."""
    weights = np.arange(1.0, count + 1) ** -1.5
    return generator.permutation(weights / weights.sum())
