"""Corrections of a data set that a person wrote down: classes merged or dropped, crops dropped."""

import difflib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from datamodules.crops import CropTable

KEYS = ("merge", "drop_classes", "drop_crops")


@dataclass(frozen=True)
class LabelMap:
    """What is to be corrected.

    Attributes:
        path: Where it was read, for error messages.
        merge: New name -> the classes that become it.
        drop_classes: Classes whose crops are left out.
        drop_crops: Crops that are left out, named as in ``crop_names``.

    Raises:
        ValueError: If a class is named twice.
    """

    path: str
    merge: dict[str, list[str]] = field(default_factory=dict)
    drop_classes: list[str] = field(default_factory=list)
    drop_crops: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        named = [name for names in self.merge.values() for name in names] + self.drop_classes
        for name in named:
            if named.count(name) > 1:
                raise ValueError(f"{self.path}: the class {name!r} is merged or dropped more than once")

    def apply(
        self, products: list[str], table: CropTable, root: Path
    ) -> tuple[list[str], CropTable, NDArray[np.int64]]:
        """Return the corrected products and crops, and the new number of each old product (-1: dropped).

        Args:
            products: Name of each product.
            table: The crops.
            root: Folder that the crops' names begin at.

        Raises:
            ValueError: If a class or a crop does not exist, or a merged class would take another one's name.
        """
        renamed = self._renamed(products)
        kept = [name for name in dict.fromkeys(renamed) if name is not None]
        place = {name: number for number, name in enumerate(kept)}
        places = np.array([-1 if name is None else place[name] for name in renamed], dtype=np.int64)
        labels = np.where(table.labels >= 0, places[table.labels], -1)
        stays = ~self._dropped(table, root) & ((labels >= 0) | (table.labels < 0))
        corrected = CropTable(table.files, table.boxes, labels, table.photos)
        return kept, corrected.take(stays), places

    def _renamed(self, products: list[str]) -> list[str | None]:
        """Return the new name of each product, None where it is dropped."""
        new_names: dict[str, str | None] = {name: name for name in products}
        for name in self.drop_classes:
            new_names[_known(name, products, "class", self.path)] = None
        for new, classes in self.merge.items():
            for name in classes:
                new_names[_known(name, products, "class", self.path)] = new
            if new in products and new not in classes:
                raise ValueError(
                    f"{self.path}: {new!r} is the name of a class that is not merged into it; add or rename"
                )
        return [new_names[name] for name in products]

    def _dropped(self, table: CropTable, root: Path) -> NDArray[np.bool_]:
        if not self.drop_crops:
            return np.zeros(len(table), dtype=bool)
        names = crop_names(table, root)
        for name in set(self.drop_crops) - set(names):
            _known(name, names, "crop", self.path)
        return np.isin(names, self.drop_crops)


def read_label_map(path: Path) -> LabelMap:
    """Read a label map.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is not YAML of the expected form.
    """
    if not path.is_file():
        raise FileNotFoundError(f"data.label_map: there is no file {path}")
    try:
        content = yaml.safe_load(path.read_text()) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict) or not set(content) <= set(KEYS):
        raise ValueError(f"{path} may hold the keys {', '.join(KEYS)}, got {_shown(content)}")
    merge = content.get("merge") or {}
    if not isinstance(merge, dict):
        raise ValueError(f"{path}: merge must be of the form {{new_name: [class, class]}}, got {_shown(merge)}")
    lists = {key: _names(content.get(key), key, path) for key in KEYS[1:]}
    merged = {str(new): _names(classes, f"merge: {new}", path) for new, classes in merge.items()}
    return LabelMap(str(path), merged, lists["drop_classes"], lists["drop_crops"])


def crop_names(table: CropTable, root: Path) -> list[str]:
    """Return how each crop is called in a label map: its file below the root, with ``#x1,y1,x2,y2`` for a box."""
    names = []
    for file, box in zip(table.files, table.boxes, strict=True):
        path = Path(str(file))
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
        names.append(name if np.isnan(box).all() else f"{name}#{','.join(str(round(float(side))) for side in box)}")
    return names


def _names(value: object, key: str, path: Path) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str | int) for item in value):
        raise ValueError(f"{path}: {key} must be a list of names, got {_shown(value)}")
    return [str(item) for item in value]


def _known(name: str, names: list[str], what: str, path: str) -> str:
    if name in names:
        return name
    close = difflib.get_close_matches(name, names, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise ValueError(f"{path}: there is no {what} {name!r} among the {len(names)} of the data set{hint}")


def _shown(value: object) -> str:
    text = repr(sorted(map(str, value)) if isinstance(value, dict) else value)
    return text if len(text) <= 80 else text[:77] + "..."
