"""Several sources in one training."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from datamodules.crops import CropTable
from datamodules.scene import Scene
from datamodules.sources.corruption import corrupt, corruption_of
from datamodules.sources.source_data import Source, SourceData
from datamodules.sources.split_options import SplitOptions


@dataclass(frozen=True)
class JoinedSources:
    """The crops and scenes of several sources, each under its name.

    Products, scenes and photos are called ``SOURCE/NAME``, so that equal names in two sources are two products.

    Attributes:
        sources: The sources by name.
        fold: The fold that every source holds back which holds back anything; None leaves it to each.
        shared_products: Whether products of one name are one product whatever their source, and keep their names.
        repeat: How often the crops of a source stand in an epoch, by the source's name; once where it is not named.
        corrupt: Mistakes planted in the training crops of each source, see :class:`Corruption`. What
            is held back keeps the truth.

    Raises:
        ValueError: If there is no source, ``repeat`` names none of them or holds no whole number above 0, or a setting
            of ``corrupt`` is unknown or out of its range.
    """

    sources: Mapping[str, Source]
    fold: int | None = None
    shared_products: bool = False
    repeat: Mapping[str, int] = field(default_factory=dict)
    corrupt: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        corruption_of(self.corrupt)
        if not self.sources:
            raise ValueError(
                "data.sources is empty; add one: +data@data.sources.NAME=photos data.sources.NAME.root=PATH"
            )
        for name, times in self.repeat.items():
            if name not in self.sources:
                raise ValueError(f"data.repeat names {name!r}, which is none of the sources {', '.join(self.sources)}")
            if not isinstance(times, int) or times < 1:
                raise ValueError(f"data.repeat.{name} must be a whole number above 0, got {times}")

    def load(self) -> SourceData:
        """Returns the content of all sources.

        Raises:
            FileNotFoundError: If a source's files are missing.
            ValueError: If a source cannot be read; names it.
        """
        products: list[str] = []
        parts = [self._load(name, source, products) for name, source in self.sources.items()]
        times = [self.repeat.get(name, 1) for name in self.sources]
        return SourceData(
            products=products,
            training=CropTable.concatenate([part.training for part in parts]),
            scenes=[scene for part in parts for scene in part.scenes],
            loose=CropTable.concatenate([part.loose for part in parts]),
            notes=tuple(note for part in parts for note in part.notes),
            repeats=np.repeat(times, [len(part.training) for part in parts]) if self.repeat else None,
        )

    def _load(self, name: str, source: Source, products: list[str]) -> SourceData:
        """Returns a source's content under its name, its products numbered among all, which are extended in place."""
        if self.fold is not None and isinstance(source, SplitOptions) and source.holds_back:
            source = replace(source, fold=self.fold)
        try:
            part = self._corrupted(source.load())
        except (ValueError, FileNotFoundError) as error:
            raise type(error)(f"source {name}: {error}") from error
        own = part.products if self.shared_products else [f"{name}/{product}" for product in part.products]
        known = {product: number for number, product in enumerate(products)}
        products.extend(product for product in own if product not in known)
        known = {product: number for number, product in enumerate(products)}
        # The last entry is for -1, an unknown product.
        numbers = np.array([*(known[product] for product in own), -1], dtype=np.int64)
        return SourceData(
            products=own,
            training=_renamed(part.training, name, numbers),
            scenes=[_renamed_scene(scene, name, numbers) for scene in part.scenes],
            loose=_renamed(part.loose, name, numbers),
            notes=tuple(f"{name}: {note}" for note in part.notes),
        )

    def _corrupted(self, part: SourceData) -> SourceData:
        """Returns a source's content with planted mistakes, if any are asked for, and a note on them."""
        corruption = corruption_of(self.corrupt)
        if not corruption.plants:
            return part
        products, training, truth = corrupt(part.products, part.training, corruption, Path())
        planted = {kind: len(truth[kind]) for kind in ("duplicate", "mix", "mislabel")}
        note = (
            f"planted mistakes: {planted['duplicate']} products split in two, {planted['mix']} pairs put together, "
            f"{planted['mislabel']} crops under another name"
        )
        return replace(part, products=products, training=training, notes=(*part.notes, note))


def _renamed(table: CropTable, source: str, numbers: np.ndarray) -> CropTable:
    photos = np.array([f"{source}/{photo}" if photo else "" for photo in table.photos.tolist()], dtype=str)
    return CropTable(table.files, table.boxes, numbers[table.labels], photos)


def _renamed_scene(scene: Scene, source: str, numbers: np.ndarray) -> Scene:
    labels = None if scene.labels is None else numbers[scene.labels]
    return replace(scene, name=f"{source}/{scene.name}", source=source, labels=labels)
