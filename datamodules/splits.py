"""Splitting crops into training and validation without leaks."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components


def split_by_photo(
    photos: np.ndarray, contents: np.ndarray, fraction: float, seed: int, unknown: str = ""
) -> np.ndarray:
    """Returns a mask (n,) of the validation crops.

    Whole photos go to one side, and photos that share an image (by content) go together, so that no copy stands on
    both sides. Crops of unknown photo stay on the training side.

    Args:
        photos: Photo id of each crop (n,).
        contents: Digest of each crop's image (n,).
        fraction: Share of the crops that validation should hold, 0 <= fraction < 1; met to within one photo.
        seed: Order in which photos are drawn.
        unknown: The id that stands for an unknown photo.

    Raises:
        ValueError: If the fraction is out of its range.
    """
    if not 0 <= fraction < 1:
        raise ValueError(f"validation_fraction must lie within 0..1 (1 excluded), got {fraction}")
    groups = _linked_groups(photos, contents)
    fixed = np.unique(groups[photos == unknown])
    candidates, sizes = np.unique(groups[~np.isin(groups, fixed)], return_counts=True)
    order = np.random.default_rng(seed).permutation(len(candidates))
    room = fraction * len(photos) - (np.cumsum(sizes[order]) - sizes[order])
    return np.isin(groups, candidates[order][room > sizes[order] / 2])


def first_of_each(contents: np.ndarray) -> np.ndarray:
    """Returns a mask (n,) that keeps the first crop of each content."""
    mask = np.zeros(len(contents), dtype=bool)
    mask[np.unique(contents, return_index=True)[1]] = True
    return mask


def _linked_groups(photos: np.ndarray, contents: np.ndarray) -> np.ndarray:
    """Numbers the components of the graph whose edges join a crop's photo and its content."""
    if not len(photos):
        return np.zeros(0, dtype=int)
    photo_names, photo = np.unique(photos, return_inverse=True)
    content_names, content = np.unique(contents, return_inverse=True)
    size = len(photo_names) + len(content_names)
    graph = coo_matrix((np.ones(len(photos)), (photo, len(photo_names) + content)), shape=(size, size))
    return connected_components(graph, directed=False)[1][photo]
