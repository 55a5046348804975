"""The photos that a checkpoint is measured on, and their measures."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import InterpolationResolutionError, MissingMandatoryValue

from analysis.clustering.protocols import Clusterer
from analysis.measures.per_photo import PhotoMeasures, measure_photo
from analysis.measures.separation import true_separation
from datamodules.box_files import AS_WRITTEN, Convention
from datamodules.scene import Scene
from datamodules.sources.photos import read_photos
from datamodules.sources.source_data import SourceData
from inference.embed_crops import embed_table
from inference.grouper import Grouper
from lightning_modules.feature_file import FeatureFile
from scripts.cli.overrides import without_keys
from scripts.evaluation.checkpoints import Trained

# Options of data that say nothing of which photos these are.
PLACES = ("cache_dir", "workers")
PhotoKey = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class HeldOut:
    """Labelled photos to be measured.

    Attributes:
        scenes: The photos.
        trained: Products that were trained on, as numbered in the scenes' labels; None where this is not known.
        notes: What is to be told to the user.
    """

    scenes: list[Scene]
    trained: np.ndarray | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class PhotoResult:
    """One photo, measured with one checkpoint.

    Attributes:
        trained: The checkpoint.
        scene: The photo.
        groups: Group of each detection (n,), -1 for a detection alone.
        measures: The photo's measures.
    """

    trained: Trained
    scene: Scene
    groups: np.ndarray
    measures: PhotoMeasures

    @property
    def photo(self) -> PhotoKey:
        """What is the same for the same photo in every run."""
        return self.scene.name, self.scene.ids


def photos_of_run(trained: Trained, data: DictConfig | None, split_is_typed: bool = False) -> HeldOut:
    """Return the photos that a run held out, or those of another data source.

    Of data that the run was not trained on all photos are measured, unless the user chose a split.

    Args:
        trained: The run.
        data: A data source's configuration, or None for the run's own.
        split_is_typed: Whether the user said what of the other source is held out.

    Raises:
        FileNotFoundError: If the data are missing.
        ValueError: If they cannot be read, or hold out no labelled photo.
    """
    if data is None:
        chosen = own = _own_data(trained)
        if own is None:
            raise ValueError(
                f"{trained.path} keeps no configuration of its run, as files of an earlier format do: which photos it "
                "held out is not known; type data=... or photos=FOLDER"
            )
    else:
        chosen, own = OmegaConf.to_container(data, resolve=True), _own_data_if_known(trained)
        if not split_is_typed and not (_roots(chosen) & _roots(own)):
            chosen = _held_out_whole(chosen)
    collection = instantiate(chosen).load()
    scenes = [scene for scene in collection.scenes if scene.labels is not None]
    if not scenes:
        raise ValueError(
            f"{trained.name} has no labelled photo to be measured on: its data hold out none; type data=... with "
            "data.fold=0 or data.validation_fraction=0.2, or photos=FOLDER"
        )
    if own is not None and without_keys(chosen, PLACES) == without_keys(own, PLACES):
        return HeldOut(scenes, np.unique(collection.training.labels), collection.warnings)
    note = f"{trained.name} was trained on other data: which products it has seen is not known"
    return HeldOut(scenes, None, (*collection.warnings, _share(scenes, collection), note))


def _share(scenes: list[Scene], collection: SourceData) -> str:
    """Return how much of the data is measured, and what to type for more."""
    held = sum(map(len, scenes))
    total = held + len(collection.training) + len(collection.unplaced_crops)
    measured = f"measured: {len(scenes)} photos with {held} of {total} labelled crops"
    if len(collection.training):
        return f"{measured}; the others are not held out: data.validation_fraction=1 measures all"
    small = "; the others are in photos of too few: data.scene_min_crops=1 data.scene_min_products=1 takes them in"
    return measured + (small if held < total else "")


def photos_of_folder(
    root: Path, boxes: str | None, ignored_products: list[str], convention: Convention = AS_WRITTEN
) -> HeldOut:
    """Return the labelled photos of a folder, one name being one number in all of them.

    Raises:
        FileNotFoundError: If the folder or the boxes are missing.
        ValueError: If a box file cannot be read, or no photo has labels.
    """
    photos, notes = read_photos(root, boxes, ignored_products, convention)
    names: list[str] = []
    scenes = [photo.numbered_in(names) for photo in photos if photo.labels is not None]
    if not scenes:
        raise ValueError(f"photos: the boxes of {root} carry no products, so that nothing can be measured")
    return HeldOut(scenes, None, tuple(notes))


@dataclass(frozen=True)
class Embedded:
    """The photos to be measured, as one checkpoint embeds them.

    Attributes:
        trained: The checkpoint.
        held_out: The photos.
        grouper: Embedder and clustering of the checkpoint, or the clustering that was chosen instead.
        embeddings: Embeddings (n, d) of each photo's detections.
    """

    trained: Trained
    held_out: HeldOut
    grouper: Grouper
    embeddings: list[np.ndarray]


def embed_photos(
    trained: Trained, held_out: HeldOut, clustering: Callable[..., Clusterer] | None, cache_dir: Path
) -> Embedded:
    """Embed every photo with a checkpoint.

    Args:
        trained: The checkpoint.
        held_out: The photos.
        clustering: Clustering without its metric, or None for the checkpoint's own.
        cache_dir: Folder for decoded crops, which serve the next checkpoint too.
    """
    grouper = Grouper.load(trained.path, clustering)
    grouper.embedder.feature_file = _feature_file(trained)
    embeddings = [embed_table(grouper.embedder, grouper.resize, scene.crops(), cache_dir) for scene in held_out.scenes]
    return Embedded(trained, held_out, grouper, embeddings)


def _feature_file(trained: Trained) -> FeatureFile | None:
    """Return where features are kept, if the run kept what its fixed network saw beside the crops."""
    folder = OmegaConf.select(trained.configuration() or OmegaConf.create(), "module.feature_dir")
    return None if folder is None else FeatureFile(folder)


def measure(embedded: Embedded) -> list[PhotoResult]:
    """Group and measure every photo of a checkpoint."""
    results = []
    known = embedded.held_out.trained
    for scene, embeddings in zip(embedded.held_out.scenes, embedded.embeddings, strict=True):
        assert scene.labels is not None, "only labelled photos are measured"
        groups = embedded.grouper.clusterer.fit(embeddings).labels
        seen = None if known is None else np.isin(scene.labels, known)
        measures = measure_photo(scene.labels, groups, seen, scene.source)
        metric = embedded.grouper.embedder.metric.name
        measures.parts["all"]["separation"] = true_separation(embeddings, scene.labels, metric)
        results.append(PhotoResult(embedded.trained, scene, groups, measures))
    return results


def _own_data(trained: Trained) -> object:
    """Return the options of the data that a run was trained on, None where its checkpoint does not keep them."""
    configuration = trained.configuration()
    if configuration is None:
        return None
    try:
        return OmegaConf.to_container(configuration.data, resolve=True, throw_on_missing=True)
    except (MissingMandatoryValue, InterpolationResolutionError) as error:
        raise ValueError(
            f"{trained.path} does not say where its data lie: type data=... with its places, or photos=FOLDER"
        ) from error


def _own_data_if_known(trained: Trained) -> object:
    try:
        return _own_data(trained)
    except ValueError:
        return None


def _roots(data: object) -> set[Path]:
    """Return the folders that a data source, or the sources that it joins, are read from."""
    if not isinstance(data, dict):
        return set()
    own = {Path(str(data["root"])).resolve()} if data.get("root") else set()
    return own.union(*map(_roots, data.values()))


def _held_out_whole(data: object) -> object:
    if not isinstance(data, dict):
        return data
    return {key: 1.0 if key == "validation_fraction" else _held_out_whole(value) for key, value in data.items()}
