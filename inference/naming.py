"""Names of the groups of photos, from a folder of named products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from analysis.naming.products import UNKNOWN_NAMED, NamedProducts
from datamodules.box_files import find_box_file
from datamodules.pictures import pictures_below
from inference.grouper import Grouper
from inference.groups import Groups
from inference.inputs import read_photo
from inference.reviewed_groups import kept_embeddings, linkage_threshold


def learn_products(grouper: Grouper, folder: str | Path) -> NamedProducts:
    """Return the products of a folder: a folder of crops per product, or photos whose box files name the products.

    Args:
        grouper: What embeds the crops.
        folder: The folder; the path of a crop's folder in it is the product's name.

    Raises:
        FileNotFoundError: If there is no such folder, or no picture in it.
        ValueError: If pictures have neither a product's folder nor a box file with products, cannot be read, or the
            checkpoint's clustering has no distance threshold.
    """
    threshold = linkage_threshold(grouper)
    if threshold is None:
        raise ValueError("names need a checkpoint whose clustering has a distance threshold; give another checkpoint")
    root = Path(folder)
    if not root.is_dir():
        raise FileNotFoundError(f"names: there is no folder {root}")
    files = pictures_below(root).files
    if not files:
        raise FileNotFoundError(f"names: there is no picture in {root}; give one folder of crops per product")
    if _is_labelled_photo(files[0]):
        embeddings, names, numbers = _of_photos(grouper, files, root)
    else:
        names, numbers = _of_folders(files, root), None
        embeddings = grouper.embed(files)
    return NamedProducts.learn(embeddings, names, grouper.embedder.metric.name, threshold, numbers)


def name_groups(
    groupings: Sequence[Groups], products: NamedProducts, across_photos: bool, unknown_named: float = UNKNOWN_NAMED
) -> list[Groups]:
    """Return the groups with the names of the products that they show; what a person named keeps its name.

    Args:
        groupings: Groups of photos, of the grouper that embedded the products.
        products: The known products.
        across_photos: Whether the photos were grouped together, so that a group has one name in all of them.
        unknown_named: Share of unknown products that may get a name, 0..1: the more, the more known ones get theirs.

    Raises:
        ValueError: If the share is not within 0..1.
    """
    if across_photos and groupings:
        labels = np.concatenate([groups.labels for groups in groupings])
        rows = np.concatenate([kept_embeddings(groups) for groups in groupings])
        naming = products.name(rows, labels, unknown_named)
        ends = np.cumsum([0, *(len(groups) for groups in groupings)])
        return [
            _with_names(groups, naming.names[start:end], naming.confidence[start:end])
            for groups, start, end in zip(groupings, ends[:-1], ends[1:], strict=True)
        ]
    named = [products.name(kept_embeddings(groups), groups.labels, unknown_named) for groups in groupings]
    return [_with_names(groups, own.names, own.confidence) for groups, own in zip(groupings, named, strict=True)]


def _with_names(groups: Groups, names: Sequence[str], confidence: np.ndarray) -> Groups:
    given = groups.names or ("",) * len(groups)
    chosen = tuple(own or name for own, name in zip(given, names, strict=True))
    sure = np.where([bool(own) for own in given], 1.0, confidence)
    return replace(groups, names=chosen, name_confidence=sure)


def _of_folders(files: Sequence[Path], root: Path) -> list[str]:
    """Return the product of each crop: the path of its folder."""
    names = [file.parent.relative_to(root).as_posix() for file in files]
    if "." in names:
        loose = files[names.index(".")].name
        raise ValueError(f"names: {loose} in {root} is in no product's folder; give one folder of crops per product")
    return names


def _is_labelled_photo(picture: Path) -> bool:
    try:
        find_box_file(picture)
    except FileNotFoundError:
        return False
    return True


def _of_photos(grouper: Grouper, files: Sequence[Path], root: Path) -> tuple[np.ndarray, list[str], list[int]]:
    """Return embeddings, products and photos of the detections whose product the box files name."""
    tables, names, numbers = [], [], []
    for number, file in enumerate(files):
        photo = read_photo(file, None)
        scene = photo.scene
        if scene.labels is None:
            continue
        known = np.flatnonzero(scene.labels >= 0)
        tables.append(grouper.embed_photo(photo)[known])
        names += [scene.products[label] for label in scene.labels[known]]
        numbers += [number] * len(known)
    if not names:
        raise ValueError(f"names: no box file in {root} names a product")
    return np.concatenate(tables), names, numbers
