"""The photos that runs held out, embedded by them; kept in files, so that another simulation needs no network."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inference.embed_crops import embed_table
from inference.grouper import Grouper
from inference.reviewed_groups import linkage_threshold
from scripts.benchmarks.reviewing.asking import AskedPhoto
from scripts.evaluation.checkpoints import Trained, find_checkpoints
from scripts.evaluation.photos import embed_photos, photos_of_folder, photos_of_run

# A photo of fewer detections has nothing to ask, and one of many is asked about for longer than anyone wants.
SIZES = range(8, 201)


def photos_of_runs(runs: str, cache_dir: Path, sources: Sequence[str] | None = None) -> list[AskedPhoto]:
    """Return the labelled photos that each run below a folder held out, as it embeds them.

    Args:
        runs: Folder of runs.
        cache_dir: Where the embeddings are kept, by the content of the checkpoint.
        sources: Names of the sources whose photos are returned; None for all.

    Raises:
        FileNotFoundError: If there is no run in the folder.
        ValueError: If no photo is left, or a run was trained without a distance threshold.
    """
    photos: list[AskedPhoto] = []
    for trained in find_checkpoints(None, None, runs):
        path = cache_dir / f"review-{hashlib.sha256(trained.path.read_bytes()).hexdigest()[:24]}.npz"
        if not path.exists():
            _embed(trained, cache_dir, path)
        photos += _read(path, trained.name)
    chosen = [
        photo for photo in photos if (sources is None or photo.source in sources) and len(photo.products) in SIZES
    ]
    if not chosen:
        known = sorted({photo.source for photo in photos})
        raise ValueError(f"no photo of {SIZES[0]} to {SIZES[-1]} labelled detections; the runs' sources are {known}")
    return chosen


def store_of_folder(checkpoint: str | None, root: str) -> AskedPhoto:
    """Return the labelled photos of a folder as one, whose groups go across photos.

    Args:
        checkpoint: What embeds them, None for the included one; it should not have seen these photos.
        root: The folder.

    Raises:
        ValueError: If no photo has labels, or the checkpoint has no distance threshold.
    """
    grouper = Grouper.load(checkpoint)
    threshold = linkage_threshold(grouper)
    if threshold is None:
        raise ValueError(f"checkpoint={checkpoint} has no distance threshold: train with clustering=calibrated")
    scenes = photos_of_folder(Path(root), None, []).scenes
    rows = [embed_table(grouper.embedder, grouper.resize, scene.crops(), None) for scene in scenes]
    products = [np.asarray(scene.labels) for scene in scenes]
    labelled = np.concatenate(products) >= 0
    asked = np.concatenate(rows)[labelled], np.concatenate(products)[labelled]
    return AskedPhoto(str(checkpoint), Path(root).name, "store", *asked, None, threshold, grouper.embedder.metric.name)


def _embed(trained: Trained, cache_dir: Path, path: Path) -> None:
    held_out = photos_of_run(trained, None)
    embedded = embed_photos(trained, held_out, None, cache_dir)
    threshold = trained.recipe.distance_threshold
    if threshold is None or held_out.trained is None:
        raise ValueError(f"{trained.path} has no distance threshold to review with: train with clustering=calibrated")
    products = [scene.labels for scene in held_out.scenes if scene.labels is not None]
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        rows=np.concatenate(embedded.embeddings),
        products=np.concatenate(products),
        seen=np.isin(np.concatenate(products), held_out.trained),
        ends=np.cumsum([len(labels) for labels in products]),
        names=np.array([scene.name for scene in held_out.scenes]),
        sources=np.array([scene.source for scene in held_out.scenes]),
        threshold=threshold,
        metric=embedded.grouper.embedder.metric.name,
    )


def _read(path: Path, run: str) -> list[AskedPhoto]:
    with np.load(path) as kept:
        columns = [np.split(kept[key], kept["ends"][:-1]) for key in ("rows", "products", "seen")]
        shared = float(kept["threshold"]), str(kept["metric"])
        names, sources = kept["names"].tolist(), kept["sources"].tolist()
    photos = []
    for name, source, rows, products, seen in zip(names, sources, *columns, strict=True):
        labelled = products >= 0
        photos.append(AskedPhoto(run, name, source, rows[labelled], products[labelled], seen[labelled], *shared))
    return photos
