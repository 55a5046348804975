"""Splitting crops into training and validation without leaks."""

import re

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from datamodules.crops import Texts


def split_by_photo(
    photos: Texts, contents: NDArray[np.generic], fraction: float, seed: int, unknown: str = ""
) -> NDArray[np.bool_]:
    """Return a mask (n,) of the validation crops.

    Whole photos go to one side, and photos that share an image (by content) go together, so that no copy stands on
    both sides. Crops of unknown photo stay on the training side.

    Args:
        photos: Photo id of each crop (n,).
        contents: Digest of each crop's image (n,).
        fraction: Fraction of the crops that validation should hold, 0..1; met to within one photo.
        seed: Order in which photos are drawn.
        unknown: The id that stands for an unknown photo.

    Raises:
        ValueError: If the fraction is out of its range.
    """
    if not 0 <= fraction <= 1:
        raise ValueError(f"validation_fraction must lie within 0..1, got {fraction}")
    groups = _linked_groups(photos, contents)
    fixed = np.unique(groups[photos == unknown])
    candidates, sizes = np.unique(groups[~np.isin(groups, fixed)], return_counts=True)
    order = np.random.default_rng(seed).permutation(len(candidates))
    room = fraction * len(photos) - (np.cumsum(sizes[order]) - sizes[order])
    return np.isin(groups, candidates[order][room > sizes[order] / 2])


def fold_of_photos(
    photos: Texts, contents: NDArray[np.generic], folds: int, seed: int, unknown: str = ""
) -> NDArray[np.int64]:
    """Return the fold of each crop (n,), 0..folds-1, or -1 for a crop that no fold holds out.

    Whole photos lie in one fold, and photos that share an image lie together; crops of unknown photo, and photos that
    share an image with one of them, are in none.

    Args:
        photos: Photo id of each crop (n,).
        contents: Digest of each crop's image (n,).
        folds: Number of folds.
        seed: Seed of the dealing.
        unknown: The id that stands for an unknown photo.

    Raises:
        ValueError: If there are fewer groups of photos than folds.
    """
    groups = _linked_groups(photos, contents)
    known = ~np.isin(groups, np.unique(groups[photos == unknown]))
    names, group, sizes = np.unique(groups[known], return_inverse=True, return_counts=True)
    if len(names) < folds:
        raise ValueError(f"{folds} folds need as many photos that share no image, found {len(names)}; set fewer folds")
    folds_of_crops = np.full(len(photos), -1)
    folds_of_crops[known] = deal(sizes, folds, seed)[group]
    return folds_of_crops


def fold_of_products(
    labels: NDArray[np.int64], contents: NDArray[np.generic], folds: int, seed: int
) -> NDArray[np.int64]:
    """Return the fold of each crop's product (n,); products that share an image lie in one fold.

    Args:
        labels: Product of each crop (n,).
        contents: Digest of each crop's image (n,).
        folds: Number of folds.
        seed: Seed of the dealing.

    Raises:
        ValueError: If there are fewer groups of products than folds.
    """
    names, group, sizes = np.unique(_linked_groups(labels, contents), return_inverse=True, return_counts=True)
    if len(names) < folds:
        raise ValueError(f"{folds} folds need as many products that share no image, found {len(names)}")
    return deal(sizes, folds, seed)[group]


def deal(sizes: NDArray[np.int64], folds: int, seed: int) -> NDArray[np.int64]:
    """Return the fold of each group (g,): folds differ by at most one group, and by at most the largest in size.

    The groups are dealt in rounds, largest first, each round one to every fold in random order.

    Args:
        sizes: Crops in each group (g,).
        folds: Number of folds, at least 1.
        seed: Seed of the dealing.
    """
    generator = np.random.default_rng(seed)
    shuffled = generator.permutation(len(sizes))
    order = shuffled[np.argsort(-sizes[shuffled], kind="stable")]
    rounds = -(-len(sizes) // folds)
    dealt = np.empty(len(sizes), dtype=int)
    dealt[order] = np.array([generator.permutation(folds) for _ in range(rounds)], dtype=int).ravel()[: len(sizes)]
    return dealt


def place_in_order(labels: NDArray[np.int64], names: list[str]) -> NDArray[np.float64]:
    """Return how far along its product's crops each crop stands (n,), 0 for the first and below 1 for the last.

    Args:
        labels: Product of each crop (n,).
        names: File name of each crop; numbers in it count as numbers, so that 10 comes after 9.
    """
    places = np.zeros(len(labels))
    for label in np.unique(labels):
        rows = sorted(np.flatnonzero(labels == label), key=lambda row: _natural(names[row]))
        places[rows] = np.arange(len(rows)) / len(rows)
    return places


def first_of_each_content(contents: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Return a mask (n,) that keeps the first crop of each content."""
    mask = np.zeros(len(contents), dtype=bool)
    mask[np.unique(contents, return_index=True)[1]] = True
    return mask


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def _linked_groups(names: NDArray[np.generic], contents: NDArray[np.generic]) -> NDArray[np.int64]:
    """Number the components of the graph whose edges join a crop's photo (or product) and its content."""
    if not len(names):
        return np.zeros(0, dtype=int)
    own, place = np.unique(names, return_inverse=True)
    content_names, content = np.unique(contents, return_inverse=True)
    size = len(own) + len(content_names)
    graph = coo_matrix((np.ones(len(names)), (place, len(own) + content)), shape=(size, size))
    return connected_components(graph, directed=False)[1][place]
