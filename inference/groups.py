"""What grouping a photo finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from analysis.aggregation.congregation import Congregation
from analysis.measures.grouping import grouping_measures
from analysis.shelf.share import Share, Shelf, store_shares
from datamodules.pictures import read_picture
from datamodules.scene import Scene

if TYPE_CHECKING:
    import pandas as pd


SHELF_COLUMNS = ("cluster", "rows", "facings", "facings_wide", "share")


@dataclass(frozen=True)
class Groups:
    """The groups of one photo.

    Attributes:
        scene: The photo and its detections.
        labels: Cluster of each detection (n,) int64, -1 for a detection alone.
        passes: Pass that placed it (n,), 0 for a detection alone.
        confidence: How firmly it belongs to its cluster (n,), 0..1.
        congregations: Where each cluster stands together.
        picture: The photo where it was handed over in memory; None for that of ``scene.photo``.
        embeddings: What was clustered (n, d), if it was kept.
        names: Name of each detection's product, empty for one without (n,); () where none has one.
        name_confidence: Share of unknown products that would fit their nearest known one worse (n,), 0..1, 1 for a name
            that a person gave; None where names were not looked for.

    Example:
        >>> groups = Grouper.load().group("shelf.jpg", "shelf.json")
        >>> groups.to_frame().groupby("cluster").size()
        >>> groups.draw().save("overlay.png")
    """

    scene: Scene
    labels: NDArray[np.int64]
    passes: NDArray[np.int64]
    confidence: NDArray[np.float64]
    congregations: list[Congregation]
    picture: Image.Image | None = None
    embeddings: NDArray[np.float32] | None = None
    names: tuple[str, ...] = ()
    name_confidence: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def num_clusters(self) -> int:
        """Number of clusters in this photo."""
        return len(np.unique(self.labels[self.labels >= 0]))

    @property
    def congregation_numbers(self) -> NDArray[np.int64]:
        """Congregation of each detection (n,), -1 for a detection alone."""
        numbers = np.full(len(self), -1, dtype=np.int64)
        for number, congregation in enumerate(self.congregations):
            numbers[congregation.members] = number
        return numbers

    @cached_property
    def layout(self) -> Shelf:
        """Row of each detection, and the length of shelf that it takes up."""
        assert self.scene.boxes is not None, "only scenes with boxes are grouped"
        return Shelf.of_boxes(self.scene.boxes, self.labels)

    @property
    def group_names(self) -> dict[int, str]:
        """Name of each cluster that has one."""
        pairs = zip(self.labels.tolist(), self.names, strict=True) if self.names else ()
        return {label: name for label, name in pairs if name and label >= 0}

    @property
    def photo(self) -> Image.Image:
        """The photo in RGB after EXIF orientation."""
        if self.picture is not None:
            return self.picture
        assert self.scene.photo is not None, "only scenes with a photo are grouped with boxes"
        return read_picture(self.scene.photo)

    def to_frame(self) -> pd.DataFrame:
        """Return a line per detection: id, x1, y1, x2, y2, cluster, congregation, row, pass, confidence; name, if any.

        Names are those that a person or :func:`regroup` gave.
        """
        # Imported late: pandas takes a third of a second, and the command line needs none.
        import pandas as pd

        assert self.scene.boxes is not None, "only scenes with boxes are grouped"
        return pd.DataFrame(
            {
                "id": self.scene.ids,
                **dict(zip(("x1", "y1", "x2", "y2"), self.scene.boxes.T, strict=True)),
                "cluster": self.labels,
                "congregation": self.congregation_numbers,
                "row": self.layout.row,
                "pass": self.passes,
                "confidence": self.confidence,
                **({"name": self.names} if self.names else {}),
                **({} if self.name_confidence is None else {"name_confidence": self.name_confidence}),
            }
        )

    def shelf(self, by_row: bool = False) -> pd.DataFrame:
        """Return what each group has of the shelf, the items alone as group -1; the shares sum to 1.

        Columns are cluster, rows (counted from 1 at the top), facings (all items), facings_wide (without those that
        stand on the same product) and share (of the shelf length on which anything stands).

        Args:
            by_row: One line per group and row, with shares of the row; otherwise one per group.
        """
        return _shelf_frame(self.layout.by_row() if by_row else self.layout.by_group())

    def draw(self, title: str | None = None, max_side: int = 1600) -> Image.Image:
        """Return the photo with the congregations drawn on it, and a legend at the side.

        Args:
            title: Printed above the photo.
            max_side: Largest height or width of the drawn photo in pixels.
        """
        # Imported late: matplotlib takes a third of a second, and grouping without a picture needs none.
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        from analysis.figures.overlay import overlay_figure

        assert self.scene.boxes is not None, "only scenes with boxes are grouped"
        figure = overlay_figure(
            self.photo, self.scene.boxes, self.labels, self.congregations, title, max_side, names=self.group_names
        )
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")

    def score(self, products: ArrayLike | None = None) -> dict[str, float]:
        """Return how well the groups agree with the true products: ARI, AMI, BCubed and others.

        Args:
            products: Product of each detection (n,), as names or numbers; negative numbers and empty names are unknown.
                None for the products that the box file names.

        Raises:
            ValueError: If there are none, or as many as detections.

        Example:
            >>> groups.score(["cola", "cola", "tea"])["ari"]
        """
        if products is None:
            if self.scene.labels is None:
                raise ValueError(f"the boxes of {self.scene.name} name no products: give products, one per detection")
            return grouping_measures(self.scene.labels, self.labels)
        given = np.asarray(products)
        if given.shape != self.labels.shape:
            raise ValueError(f"products must be one per detection, ({len(self)},), got {given.shape}")
        if given.dtype.kind not in "iu":
            names, numbers = np.unique(given.astype(str), return_inverse=True)
            given = np.where(names[numbers] == "", -1, numbers)
        return grouping_measures(given, self.labels)

    def measures(self) -> dict[str, float] | None:
        """Return the grouping measures, or None where the box file names no products."""
        return None if self.scene.labels is None else self.score()


def store_shelf(photos: Sequence[Groups]) -> pd.DataFrame:
    """Return what each group has of the shelves of all photos together: cluster, facings, facings_wide, share.

    Args:
        photos: Photos that were grouped together, so that a product has one number in all.

    Example:
        >>> store_shelf(Grouper.load().group_photos("photos"))
    """
    return _shelf_frame(store_shares([groups.layout for groups in photos])).drop(columns="rows")


def _shelf_frame(shares: Sequence[Share]) -> pd.DataFrame:
    """Return one line per share: cluster, rows, facings, facings_wide, share."""
    # Imported late: pandas takes a third of a second, and the command line needs none.
    import pandas as pd

    return pd.DataFrame([asdict(share) for share in shares], columns=list(SHELF_COLUMNS))
