"""Labelled shelf photos: boxes of some are training crops, the others are held out whole as scenes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from datamodules.box_files import AS_WRITTEN, Convention, find_box_file, read_scene
from datamodules.crops import CropTable
from datamodules.pictures import UnreadablePictureError, pictures_below
from datamodules.scene import Scene
from datamodules.sources.label_map import read_label_map
from datamodules.sources.source_data import SourceData
from datamodules.sources.split_options import SplitOptions
from datamodules.sources.splits import first_of_each_content

# Of the warnings about boxes, which may be as many as there are photos.
WARNINGS_SHOWN = 20


@dataclass(frozen=True)
class PhotosSource(SplitOptions):
    """Photos with box files whose boxes are labelled with products; a product's name is its label.

    Photos whose boxes carry no names are grouped at validation, and neither trained on nor measured.

    Attributes:
        root: The photos' folder, nested folders too.
        boxes: Inside the root, one file with the boxes of all photos or a folder of files; None for the file of a
            photo's name beside it.
        box_format: What the four numbers of a box are, or None for what the file's format says; see Convention.
        box_scale: What they count, or None for what the file's format says; see Convention.
        ignored_products: Names of which boxes are left out altogether.
        label_map: YAML of products to be merged or dropped and crops to be dropped, or None; a crop is named by its
            photo's path in the root and its box.
    """

    root: str
    boxes: str | None = None
    box_format: str | None = None
    box_scale: str | float | None = None
    ignored_products: Sequence[str] = ()
    label_map: str | None = None

    def load(self) -> SourceData:
        """Return training crops, held-out scenes and what was skipped.

        Raises:
            FileNotFoundError: If the root is missing, or there is no photo with boxes in it.
            ValueError: If a box file cannot be read, photos share a name, or the label map names what is not there.
        """
        convention = Convention.of_options(self.box_format, self.box_scale)
        photos, warnings = read_photos(Path(self.root), self.boxes, self.ignored_products, convention)
        products = sorted({name for photo in photos for name in photo.products})
        photos = [photo.numbered_in(products) for photo in photos]
        labelled = [photo for photo in photos if photo.labels is not None]
        table = CropTable.concatenate([photo.crops() for photo in labelled])
        if self.label_map is not None:
            products, table, places = read_label_map(Path(self.label_map)).apply(products, table, Path(self.root))
            labelled = [_renumbered(photo, places) for photo in labelled]
        content_of = {str(photo.photo): _content(photo) for photo in labelled}
        contents = np.array([content_of[file] for file in table.files.tolist()], dtype=str)
        held_out = self.held_out(table.photos, contents)
        training = table.take(~held_out & (table.labels >= 0) & ~self._unseen_crops(table, len(products)))
        names = set(table.photos[held_out].tolist())
        scenes = [photo for photo in labelled if photo.name in names]
        once = first_of_each_content(np.array([content_of[str(scene.photo)] for scene in scenes], dtype=str))
        if not once.all():
            warnings.append(f"validation: {(~once).sum()} copies of photos are counted once")
        scenes = [scene for scene, first in zip(scenes, once, strict=True) if first]
        unlabelled = [photo for photo in photos if photo.labels is None]
        return SourceData(products, training, scenes + unlabelled, warnings=tuple(warnings))

    def _unseen_crops(self, table: CropTable, count: int) -> NDArray[np.bool_]:
        # Every box is an image of its own, so that no products are twins.
        return self.unseen(table.labels, np.arange(len(table)), count)


def read_photos(
    root: Path,
    boxes: str | None = None,
    ignored_products: Sequence[str] = (),
    convention: Convention = AS_WRITTEN,
) -> tuple[list[Scene], list[str]]:
    """Return all photos of a folder that have boxes, named by their path in it, and a note on those that have none.

    Args:
        root: The photos' folder, nested folders too.
        boxes: Inside the root, one file with all boxes or a folder of files; None for the files beside the photos.
        ignored_products: Names of which boxes are left out.
        convention: What the numbers of the boxes are, where a person says so.

    Raises:
        FileNotFoundError: If the root or the boxes are missing, or there is no photo with boxes.
        ValueError: If a box file cannot be read, or photos share a name.
    """
    if not root.is_dir():
        raise FileNotFoundError(f"there is no folder {root}; give the photos' folder with data.root=PATH")
    place = None if boxes is None else root / boxes
    if place is not None and not place.exists():
        raise FileNotFoundError(f"data.boxes: there is no file or folder {place}")
    scenes: dict[str, Scene] = {}
    without, unreadable = list[str](), list[str]()
    found = pictures_below(root)
    for photo in found.files:
        try:
            file = find_box_file(photo, place)
        except FileNotFoundError:
            without.append(photo.relative_to(root).as_posix())
            continue
        name = photo.relative_to(root).with_suffix("").as_posix()
        if name in scenes:
            raise ValueError(f"{scenes[name].photo} and {photo} have the same name and would share their boxes")
        try:
            scene = read_scene(photo, file, ignored_products, fewest_products=1, convention=convention)
        except UnreadablePictureError as error:
            unreadable.append(str(error))
            continue
        scenes[name] = replace(scene, name=name)
    if not scenes:
        raise FileNotFoundError(f"there is no photo with a box file beside it in {root}")
    if without:
        found.skipped["photos without boxes"] = without
    if unreadable:
        found.skipped["photos that cannot be read"] = unreadable
    warnings = [warning for scene in scenes.values() for warning in scene.warnings]
    if len(warnings) > WARNINGS_SHOWN:
        warnings[WARNINGS_SHOWN:] = [f"{len(warnings) - WARNINGS_SHOWN} more warnings about boxes"]
    note = replace(found, files=[scene.photo for scene in scenes.values() if scene.photo]).describe()
    return list(scenes.values()), [*warnings, note] if found.skipped else warnings


def _renumbered(scene: Scene, places: NDArray[np.int64]) -> Scene:
    return replace(scene, labels=np.append(places, -1)[scene.labels])


def _content(scene: Scene) -> str:
    assert scene.photo is not None, "scenes of box files have a photo"
    return hashlib.md5(scene.photo.read_bytes()).hexdigest()
