"""Crops in class folders, split by photo, with the crops of one photo regrouped as a scene."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from datamodules.box_files import read_scene
from datamodules.crops import CropTable, Texts
from datamodules.pictures import UnreadablePictureError, pictures_below
from datamodules.scene import Scene
from datamodules.sources.label_map import read_label_map
from datamodules.sources.source_data import SourceData
from datamodules.sources.split_options import SplitOptions
from datamodules.sources.splits import first_of_each_content

PILE_SIZE = 300
SPLITS = frozenset({"train", "training", "val", "valid", "validation", "test", "testing", "dev", "eval"})


@dataclass(frozen=True)
class FolderSource(SplitOptions):
    """One folder per product, nested folders too: the product's name is the path from the root.

    Attributes:
        root: The data set's folder.
        crops: Folder of the class folders inside the root; empty for the root itself.
        photo_pattern: Regular expression whose first group finds the photo's id in a file name; crops that do not
            match are of unknown photo and stay in training. None takes every file as a photo of its own.
        by_order: Whether neighbours in the order of the file names are neighbouring frames: then stretches of this
            order are held out instead of photos, which are not known.
        scene_min_crops: A photo with fewer validation crops does not become a scene.
        scene_min_products: A photo with fewer products does not become a scene.
        photo: A shelf photo inside the root that is grouped too, or None.
        boxes: That photo's boxes inside the root, or None.
        label_map: YAML of classes to be merged or dropped and crops to be dropped, or None; crops are named by their
            path from the folder of the class folders.
    """

    root: str
    crops: str = ""
    photo_pattern: str | None = None
    by_order: bool = False
    scene_min_crops: int = 8
    scene_min_products: int = 3
    photo: str | None = None
    boxes: str | None = None
    label_map: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.photo is None) != (self.boxes is None):
            raise ValueError(f"data.photo and data.boxes go together, got {self.photo!r} and {self.boxes!r}")
        if self.photo_pattern is not None and _compiled(self.photo_pattern).groups < 1:
            raise ValueError(f"data.photo_pattern needs a group in parentheses, got {self.photo_pattern!r}")
        if self.by_order and self.photo_pattern is not None:
            raise ValueError("data.by_order is for crops of unknown photo; leave out data.photo_pattern")

    def load(self) -> SourceData:
        """Return training crops, scenes and what was skipped.

        Raises:
            FileNotFoundError: If the root or a folder in it is missing.
            ValueError: If there are fewer than two products, or the label map names what is not there.
        """
        folder = Path(self.root) / self.crops
        products, table, warnings = _read_classes(folder)
        if self.label_map is not None:
            products, table, _ = read_label_map(Path(self.label_map)).apply(products, table, folder)
        table = CropTable(table.files, table.boxes, table.labels, self._photos(table.files))
        contents = np.array([_content(file) for file in table.files])
        held_out = self._held_out(table, contents)
        training = table.take(~held_out & ~self.unseen(table.labels, contents, len(products)))
        once = table.take(np.flatnonzero(held_out)[first_of_each_content(contents[held_out])])
        scenes, unplaced = self._scenes(once)
        if len(once) < held_out.sum():
            warnings.append(f"validation: {held_out.sum() - len(once)} copies of images are counted once")
        if self.photo is not None and self.boxes is not None:
            try:
                shelf = read_scene(Path(self.root) / self.photo, Path(self.root) / self.boxes)
            except UnreadablePictureError as error:
                warnings.append(f"data.photo is left out: {error}")
            else:
                warnings += shelf.warnings
                scenes = [*scenes, shelf.numbered_in(products)]
        return SourceData(products, training, scenes, unplaced, tuple(warnings))

    def _photos(self, files: Texts) -> Texts:
        if self.photo_pattern is None:
            return files
        pattern = _compiled(self.photo_pattern)
        matches = [pattern.search(Path(file).name) for file in files]
        if not any(matches):
            raise ValueError(f"data.photo_pattern {self.photo_pattern!r} matches no file, e.g. {Path(files[0]).name}")
        return np.array([match.group(1) if match else "" for match in matches])

    def _held_out(self, table: CropTable, contents: NDArray[np.generic]) -> NDArray[np.bool_]:
        if self.by_order:
            return self.held_out_by_order(table.labels, [Path(file).name for file in table.files], contents)
        return self.held_out(table.photos, contents)

    def _scenes(self, table: CropTable) -> tuple[list[Scene], CropTable]:
        """Regroup validation crops by photo; without any scene all of them are one pile to be grouped."""
        chosen = []
        for photo in np.unique(table.photos):
            rows = np.flatnonzero(table.photos == photo)
            enough = len(rows) >= self.scene_min_crops
            if enough and len(np.unique(table.labels[rows])) >= self.scene_min_products:
                chosen.append((str(photo), rows))
        if not chosen and len(table):
            order = np.random.default_rng(self.split_seed).permutation(len(table))
            chosen = [("validation crops", np.sort(order[:PILE_SIZE]))]
        rest = np.setdiff1d(np.arange(len(table)), np.concatenate([rows for _, rows in chosen] or [np.zeros(0, int)]))
        return [_scene(name, table.take(rows)) for name, rows in chosen], table.take(rest)


def _content(file: str) -> str:
    try:
        return hashlib.md5(Path(file).read_bytes()).hexdigest()
    except OSError:
        # It is named and left out when it is decoded.
        return file


def _scene(name: str, table: CropTable) -> Scene:
    files = tuple(Path(file) for file in table.files)
    ids = tuple(f"{file.parent.name}/{file.name}" for file in files)
    return Scene(name=name, ids=ids, files=files, labels=table.labels)


def _read_classes(folder: Path) -> tuple[list[str], CropTable, list[str]]:
    """Return product names, crops (photos still empty) and warnings on what was skipped."""
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}; give the data set's folder with data.root=PATH")
    found = pictures_below(folder)
    files_in: dict[Path, list[str]] = {}
    for path in found.files:
        files_in.setdefault(path.parent, []).append(str(path))
    files_of: dict[str, list[str]] = {}
    for directory in sorted(files_in.keys() - {folder}):
        # macOS takes letters and their marks apart: folders that differ in that alone are one product.
        product = unicodedata.normalize("NFC", directory.relative_to(folder).as_posix())
        files_of.setdefault(product, []).extend(sorted(files_in[directory]))
    if len(files_of) < 2:
        raise ValueError(f"{folder} needs at least 2 folders with pictures, one per product; found {len(files_of)}")
    _check_splits(list(files_of), folder)
    loose = files_in.get(folder, [])
    if loose:
        found.skipped["pictures in no product's folder"] = [Path(file).name for file in loose]
    empty = [path.relative_to(folder).as_posix() for path in found.empty]
    if empty:
        found.skipped["folders without pictures"] = empty
    labels = [label for label, files in enumerate(files_of.values()) for _ in files]
    files = [file for group in files_of.values() for file in group]
    warnings = [replace(found, files=[*map(Path, files)]).describe()] if found.skipped else []
    return list(files_of), CropTable.whole_pictures(files, labels, [""] * len(files)), warnings


def _check_splits(products: list[str], folder: Path) -> None:
    """Check that the same products do not lie below train, val and the like, which would make each of them several.

    Raises:
        ValueError: If they do; says what to type.
    """
    below: dict[str, set[str]] = {}
    for product in products:
        first, _, rest = product.partition("/")
        below.setdefault(first, set()).add(rest)
    splits = [name for name in below if name.casefold() in SPLITS]
    shared = sorted(name for name in set().union(*below.values()) if sum(name in below[split] for split in splits) > 1)
    if shared:
        training = next((name for name in splits if name.casefold().startswith("train")), splits[0])
        raise ValueError(
            f"{folder} holds {len(shared)} products in several of the folders {', '.join(splits)}, e.g. {shared[0]!r}, "
            f"and each would count as several; type data.crops={training} to train on that folder and hold crops of it "
            "out, or put the product folders together"
        )


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"data.photo_pattern {pattern!r} is not a regular expression: {error}") from error
