"""Several sources in one training."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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
        fold: The fold that every source holds out which holds out anything; None leaves it to each.
        shared_products: Whether products of one name are one product whatever their source, and keep their names.
        repeat: How often the crops of a source stand in an epoch, by the source's name; once where it is not named.
        corrupt: Label noise injected into the training crops of each source, see :class:`Corruption`; what is held out
            keeps the true labels.

    Raises:
        ValueError: If there is no source, ``repeat`` names none of them or holds anything but whole numbers above 0, or
            a setting of ``corrupt`` is unknown or out of its range.
    """

    sources: Mapping[str, Source]
    fold: int | None = None
    shared_products: bool = False
    repeat: Mapping[str, int] = field(default_factory=dict)
    corrupt: Mapping[str, float] = field(default_factory=dict)

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
        """Return the content of all sources.

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
            unplaced_crops=CropTable.concatenate([part.unplaced_crops for part in parts]),
            warnings=tuple(note for part in parts for note in part.warnings),
            repeats=np.repeat(times, [len(part.training) for part in parts]) if self.repeat else None,
        )

    def _load(self, name: str, source: Source, products: list[str]) -> SourceData:
        """Return a source's content under its name, its products numbered among all, which are extended in place."""
        if self.fold is not None and isinstance(source, SplitOptions) and source.holds_out:
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
            unplaced_crops=_renamed(part.unplaced_crops, name, numbers),
            warnings=tuple(f"{name}: {note}" for note in part.warnings),
        )

    def _corrupted(self, part: SourceData) -> SourceData:
        """Return a source's content with injected label noise, if any is asked for, and a warning of it."""
        corruption = corruption_of(self.corrupt)
        if not corruption.injects_noise:
            return part
        products, training, truth = corrupt(part.products, part.training, corruption, Path())
        noise = {kind: len(truth[kind]) for kind in ("duplicate", "mix", "mislabel")}
        note = (
            f"injected label noise: {noise['duplicate']} products split in two, {noise['mix']} pairs merged, "
            f"{noise['mislabel']} crops under another name"
        )
        return replace(part, products=products, training=training, warnings=(*part.warnings, note))


def _renamed(table: CropTable, source: str, numbers: NDArray[np.int64]) -> CropTable:
    photos = np.array([f"{source}/{photo}" if photo else "" for photo in table.photos.tolist()], dtype=str)
    return CropTable(table.files, table.boxes, numbers[table.labels], photos)


def _renamed_scene(scene: Scene, source: str, numbers: NDArray[np.int64]) -> Scene:
    labels = None if scene.labels is None else numbers[scene.labels]
    return replace(scene, name=f"{source}/{scene.name}", source=source, labels=labels)
