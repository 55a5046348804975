"""Grouping photos with a trained checkpoint: embed, cluster, aggregate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from analysis.clustering.protocols import Clusterer
from datamodules.box_files import AS_WRITTEN, Convention
from datamodules.pictures import read_picture
from datamodules.transforms.crop_resize import CropResize
from inference.checkpoint import Checkpoint
from inference.embed_crops import embed_boxes, embed_crops
from inference.groups import Groups
from inference.inputs import Boxes, PhotoInput, Picture, find_photos, read_photo
from inference.parts import build_part
from inference.shipped_checkpoint import checkpoint_or_shipped
from lightning_modules.embedder import Embedder

if TYPE_CHECKING:
    # It brings SciPy, which who only embeds would wait for.
    from analysis.aggregation.closing_aggregation import ClosingAggregation


@dataclass(frozen=True)
class Grouper:
    """Groups the detections of photos by product.

    Attributes:
        resize: From cut crops to the squares that the embedder takes.
        embedder: From crops to embeddings.
        clusterer: From embeddings to clusters.
        aggregation: From boxes and clusters to congregations.

    Example:
        >>> from inference import Grouper
        >>> grouper = Grouper.load()
        >>> groups = grouper.group("shelf.jpg", "shelf.json")
        >>> groups.labels
        array([0, 0, 1, 1, 1, 2])
    """

    resize: CropResize
    embedder: Embedder
    clusterer: Clusterer
    aggregation: ClosingAggregation

    @classmethod
    def load(cls, checkpoint: str | Path | None = None, clustering: Callable[..., Clusterer] | None = None) -> Self:
        """Return the grouper that a checkpoint describes.

        Args:
            checkpoint: A file that train.py wrote; None for the one that comes with the project, trained on rendered
                shelves alone.
            clustering: Another clustering than the checkpoint's, without its metric.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If it is not a checkpoint of this project.
        """
        content = Checkpoint.read(checkpoint_or_shipped(checkpoint))
        embedder = content.build_embedder()
        clusterer = (clustering or build_part(content.recipe.clustering, content.source))(metric=embedder.metric.name)
        return cls(content.build_resize(), embedder, clusterer, build_part(content.recipe.aggregation, content.source))

    def group(self, photo: Picture, boxes: Boxes | None = None, convention: Convention = AS_WRITTEN) -> Groups:
        """Group the detections of one photo.

        Args:
            photo: A file, a PIL image, or an array (h, w, 3) of uint8.
            boxes: A file in any format of docs/box_files.md, or an array (n, 4) of x1, y1, x2, y2 in pixels; None for
                the file of the photo's name beside it.
            convention: What the numbers of the boxes are, if it is not what their format says.

        Raises:
            FileNotFoundError: If a file is missing.
            ValueError: If something cannot be read, has a wrong shape, or boxes lie outside of the photo.
        """
        read = read_photo(photo, boxes, convention)
        noted, embeddings = self._embed_noted(read)
        return self.group_embedded([noted], [embeddings])[0]

    def group_photos(
        self,
        photos: str | Path | Sequence[Picture],
        boxes: str | Path | Sequence[Boxes] | None = None,
        across_photos: bool = True,
        failures: list[str] | None = None,
        convention: Convention = AS_WRITTEN,
    ) -> list[Groups]:
        """Group the detections of many photos, by default together: a product then has one number in all of them.

        Args:
            photos: A folder, or photos as :meth:`group` takes them.
            boxes: A file for all, a folder of files, or boxes of each photo; None for the files beside the photos.
            across_photos: Cluster all photos together; each by itself otherwise.
            failures: Takes what fails, naming the photo, which is then left out; None raises the first.
            convention: What the numbers of the boxes are, if it is not what their format says.

        Raises:
            FileNotFoundError: If a file or folder is missing.
            ValueError: If photos and boxes differ in number, or a photo or its boxes cannot be used.

        Example:
            >>> for groups in Grouper.load().group_photos("photos"):
            ...     print(groups.scene.name, groups.num_clusters)
        """
        chosen: Sequence[Picture] = find_photos(photos).files if isinstance(photos, str | Path) else list(photos)
        own = [boxes] * len(chosen) if boxes is None or isinstance(boxes, str | Path) else list(boxes)
        if len(own) != len(chosen):
            raise ValueError(f"boxes must be one of each photo, got {len(own)} of {len(chosen)} photos")
        read, embeddings = self._embed_each(chosen, own, failures, convention)
        if across_photos and read:
            return self.group_embedded(read, embeddings)
        return [self.group_embedded([item], [rows])[0] for item, rows in zip(read, embeddings, strict=True)]

    def embed(self, crops: str | Path | Sequence[Picture]) -> NDArray[np.float32]:
        """Return one embedding per crop (n, d); crops of one product lie close together.

        Args:
            crops: A folder of pictures, nested folders too, in the order of their paths; or files, PIL images and
                arrays (h, w, 3) of uint8.

        Raises:
            FileNotFoundError: If a file is missing.
            ValueError: If a crop cannot be read or has a wrong shape, or a folder holds no picture.

        Example:
            >>> Grouper.load().embed(["a.png", "b.png"]).shape
            (2, 98)
        """
        return embed_crops(self.embedder, self.resize, crops)

    def embed_photo(self, photo: PhotoInput, notes: list[str] | None = None) -> NDArray[np.float32]:
        """Return one embedding per detection of a photo (n, d); ``notes`` takes what is to be known of the picture."""
        scene = photo.scene
        assert scene.photo is not None, "a photo is a file or has the name of one"
        assert scene.boxes is not None, "a photo has boxes"
        picture = read_picture(scene.photo, notes) if photo.picture is None else photo.picture
        return embed_boxes(self.embedder, self.resize, picture, scene.boxes, scene.name)

    def group_embedded(self, photos: Sequence[PhotoInput], embeddings: Sequence[NDArray[np.float32]]) -> list[Groups]:
        """Cluster the detections of all photos together: a product has one number in every photo.

        Args:
            photos: Photos with boxes.
            embeddings: Embeddings (n, d) of each photo's detections.
        """
        found = self.clusterer.fit(np.concatenate(embeddings))
        ends = np.cumsum([len(photo.scene) for photo in photos])[:-1]
        columns = (np.split(values, ends) for values in (found.labels, found.passes, found.confidence))
        return [
            Groups(
                photo.scene,
                labels,
                passes,
                confidence,
                self.aggregation.aggregate(photo.scene.boxes, labels),
                photo.picture,
                rows,
            )
            for photo, rows, labels, passes, confidence in zip(photos, embeddings, *columns, strict=True)
        ]

    def _embed_noted(self, photo: PhotoInput) -> tuple[PhotoInput, NDArray[np.float32]]:
        """Return a photo with warnings about its picture, and its embeddings."""
        notes: list[str] = []
        embeddings = self.embed_photo(photo, notes)
        scene = replace(photo.scene, warnings=(*photo.scene.warnings, *notes))
        return replace(photo, scene=scene), embeddings

    def _embed_each(
        self,
        photos: Sequence[Picture],
        boxes: Sequence[Boxes | None],
        failures: list[str] | None,
        convention: Convention,
    ) -> tuple[list[PhotoInput], list[NDArray[np.float32]]]:
        """Read and embed photo by photo, so that one photo at a time is in memory."""
        read, embeddings = [], []
        products: list[str] = []
        pairs = list(zip(photos, boxes, strict=True))
        for photo, own in track(pairs, "Embedding photos", transient=True, disable=len(pairs) < 2):
            try:
                item = read_photo(photo, own, convention).numbered_in(products)
                item, rows = self._embed_noted(item)
            except (ValueError, OSError) as error:
                if failures is None:
                    raise
                failures.append(f"{photo}: {error}")
                continue
            read.append(item)
            embeddings.append(rows)
        return read, embeddings
