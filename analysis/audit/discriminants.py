"""Linear discriminants of all classes at once: judged on photos that were left out, or as a space to look into."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.audit.neighbours import foreign_neighbours

# Share of the within-class covariance that is replaced by a ball of the same volume, for classes of few crops.
SHRINKAGE = 0.1
FOLDS = 20
LOCAL_NEIGHBOURS = 3


def held_out_scores(
    rows: NDArray[np.float64],
    labels: NDArray[np.int64],
    groups: NDArray[np.int64],
    contents: NDArray[np.str_],
    advance: Callable[[], object] = lambda: None,
) -> NDArray[np.float64]:
    """Return how well each crop fits each class (n, c), judged by crops of other photos and contents only.

    The scores are those of linear discriminant analysis with equal priors: the difference of two of them is the
    logarithm of the odds of the two classes. NaN where no crop of a class is on another photo.

    Args:
        rows: Feature vectors (n, d).
        labels: Class of each crop (n,).
        groups: Photo of each crop (n,).
        contents: Digest of each crop's image (n,): copies of a crop do not take part.
        advance: Called after each fold.

    References:
        Fisher, The use of multiple measurements in taxonomic problems, 1936.
    """
    count = int(labels.max()) + 1
    scores = np.full((len(rows), count), np.nan)
    for held in _folds(groups):
        train = ~held & ~np.isin(contents, contents[held])
        sizes = np.bincount(labels[train], minlength=count)
        means = _class_means(rows[train], labels[train], count)
        weights = np.linalg.solve(_covariance(rows[train], labels[train], means), means.T)
        fold = rows[held] @ weights - 0.5 * (means.T * weights).sum(axis=0)
        fold[:, sizes == 0] = np.nan
        # Two names of one product tie: the last digits, which differ from machine to machine, must not decide.
        scores[held] = np.round(fold, 6)
        advance()
    return scores


def discriminant_space(
    rows: NDArray[np.float64],
    labels: NDArray[np.int64],
    groups: NDArray[np.int64],
    contents: NDArray[np.str_],
    dimensions: int = 20,
) -> NDArray[np.float64]:
    """Return the crops in the directions that separate the classes (n, <= dimensions).

    The spread within a class is measured between nearest neighbours on other photos. Measured from the class's mean,
    as usual, the two products of a mixed class would count as spread, and the space would hide what is sought.

    Args:
        rows: Feature vectors (n, d).
        labels: Class of each crop (n,).
        groups: Photo of each crop (n,).
        contents: Digest of each crop's image (n,).
        dimensions: Directions kept.

    References:
        Sugiyama, Dimensionality reduction of multimodal labeled data by local Fisher discriminant analysis, 2007.
    """
    values, vectors = np.linalg.eigh(_shrunk(_local_scatter(rows, labels, groups, contents)))
    white = rows @ (vectors / np.sqrt(np.maximum(values, 1e-12)))
    means = _class_means(white, labels, int(labels.max()) + 1)
    directions = np.linalg.svd(means - means.mean(axis=0), full_matrices=False)[2][:dimensions]
    return np.asarray(white @ directions.T)


def _local_scatter(
    rows: NDArray[np.float64], labels: NDArray[np.int64], groups: NDArray[np.int64], contents: NDArray[np.str_]
) -> NDArray[np.float64]:
    """Return half the mean outer product of the steps from crops to their nearest neighbours of the same class."""
    total, count = np.zeros((rows.shape[1], rows.shape[1])), 0
    for label in range(int(labels.max()) + 1):
        members = np.flatnonzero(labels == label)
        nearest = foreign_neighbours(rows[members], groups[members], contents[members], LOCAL_NEIGHBOURS)
        source, place = np.nonzero(nearest >= 0)
        steps = rows[members[source]] - rows[members[nearest[source, place]]]
        total += steps.T @ steps / 2
        count += len(steps)
    return total / max(count, 1)


def _class_means(rows: NDArray[np.float64], labels: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Return the mean of each class (c, d), zero where it is empty."""
    means = np.zeros((count, rows.shape[1]))
    np.add.at(means, labels, rows)
    return means / np.maximum(np.bincount(labels, minlength=count), 1)[:, None]


def _covariance(
    rows: NDArray[np.float64], labels: NDArray[np.int64], means: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the shrunk covariance within classes (d, d)."""
    rest = rows - means[labels]
    return _shrunk(rest.T @ rest / max(len(rows) - len(means), 1))


def _shrunk(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    ball = max(float(np.trace(covariance)) / len(covariance), 1e-9)
    return np.asarray((1 - SHRINKAGE) * covariance + SHRINKAGE * ball * np.eye(len(covariance)))


def num_folds(groups: NDArray[np.int64]) -> int:
    """Return in how many parts the photos are held out."""
    return min(FOLDS, int(groups.max()) + 1)


def _folds(groups: NDArray[np.int64]) -> Iterator[NDArray[np.bool_]]:
    """Yield masks of the crops held out together: whole photos."""
    count = int(groups.max()) + 1
    folds = num_folds(groups)
    place = np.random.default_rng(0).permutation(count) % folds
    for fold in range(folds):
        yield place[groups] == fold
