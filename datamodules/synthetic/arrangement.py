"""From the plan of a photo to the place of every package, in pixels."""

from typing import NamedTuple

import numpy as np

from datamodules.synthetic.packages.catalogue import Catalogue
from datamodules.synthetic.planogram import Block, PhotoPlan


class Placed(NamedTuple):
    """One package: the middle of its foot, its size, its turn in degrees, and how much light reaches it."""

    product: int
    x: float
    foot: float
    width: float
    height: float
    turn: float
    light: float


class Bay(NamedTuple):
    """The room above one board, with its packages from the rearmost to the foremost."""

    top: int
    board: int
    depth: int
    front: int
    packages: tuple[Placed, ...]
    tags: tuple[int, ...]


def arrange(
    catalogue: Catalogue, plan: PhotoPlan, width: int, height: int, generator: np.random.Generator
) -> list[Bay]:
    """Place the packages of a photo, as untidily as in a shop.

    Args:
        catalogue: What is sold.
        plan: Rows of facings.
        width: Of the canvas in pixels.
        height: Of the canvas in pixels.
        generator: Source of chance.
    """
    scale = plan.pixels_per_centimetre
    bays: list[Bay] = []
    top = -round(scale * generator.uniform(0, 14))
    for row in plan.rows:
        clear = max(catalogue.products[block.product].height * block.levels for block in row)
        board = top + round(scale * (clear + generator.uniform(1.5, 4.0)))
        depth, front = round(1.1 * scale), round(2.9 * scale)
        packages, tags = _fill(catalogue, row, board + depth // 2, width, scale, generator)
        bays.append(Bay(top, board, depth, front, packages, tags))
        top = board + depth + front
        if top > height:
            break
    return bays


def _fill(
    catalogue: Catalogue, row: tuple[Block, ...], foot: float, width: int, scale: float, generator: np.random.Generator
) -> tuple[tuple[Placed, ...], tuple[int, ...]]:
    """Return one shelf from left to right, beginning a little outside of the canvas; also where its price tags hang."""
    behind: list[Placed] = []
    before: list[Placed] = []
    tags: list[int] = []
    x = -scale * generator.uniform(0, 8)
    for block in row:
        tags.append(round(x + scale * generator.uniform(0.5, 3)))
        for _ in range(block.facings):
            if x > width:
                break
            product = catalogue.products[block.product]
            middle = x + scale * product.width / 2
            stack = _stack(block, middle, foot, scale * product.width, scale * product.height, generator)
            # Now and then the foremost package was bought; then the one behind it shows.
            left = block.levels if generator.random() > 0.06 else int(generator.integers(block.levels))
            before += stack[:left]
            # What is hidden by a full stack is not worth painting, but a few tops shall peep out.
            first_behind = left if left < block.levels else block.levels - int(generator.random() < 0.25)
            behind += [_pushed_back(package, scale) for package in stack[first_behind:]]
            x += scale * (product.width + generator.uniform(-0.35, 0.45))
        x += scale * max(0.0, generator.normal(0.2, 0.5))
    order = generator.permutation(len(before))
    return (*behind, *(before[i] for i in order)), tuple(tags)


def _stack(
    block: Block, x: float, foot: float, width: float, height: float, generator: np.random.Generator
) -> list[Placed]:
    """Return packages on top of each other, each a little shifted, turned and shaded on its own."""
    nearness = float(generator.uniform(0.97, 1.03))
    base = foot + float(generator.uniform(-0.02, 0.02)) * height
    placed = []
    for level in range(block.levels):
        shift = float(generator.normal(0, 0.012)) * width
        turn = float(generator.normal(0, 0.7 if generator.random() < 0.85 else 2.2))
        light = float(np.clip(generator.normal(0.97, 0.07), 0.72, 1.12))
        lift = level * height * nearness * 0.985
        placed.append(Placed(block.product, x + shift, base - lift, width * nearness, height * nearness, turn, light))
    return placed


def _pushed_back(package: Placed, scale: float) -> Placed:
    """Return the package behind another: smaller, higher up, in the shade."""
    return package._replace(
        x=package.x + 0.25 * scale,
        foot=package.foot - 0.9 * scale,
        width=0.94 * package.width,
        height=0.94 * package.height,
        light=0.6 * package.light,
    )
