"""A photo with the congregations drawn on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Patch
from matplotlib.transforms import Affine2D
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from analysis.aggregation.congregation import Congregation
from analysis.figures.badges import Badge, badge_size, place_badges
from analysis.figures.names import shortened, text_inches
from analysis.figures.outline import draw_alone, draw_areas, line_width
from analysis.figures.palette import ALONE_COLOUR, ClusterStyle, cluster_style
from analysis.figures.styles import assign_styles

_DPI = 100
# Smaller photos are enlarged to this, or no text on them could be read.
_MIN_SIDE = 800
# Smaller text than of so many points is not read.
_SMALLEST_UNIT = 7.0
_LEGEND_ROWS = 24
# More than four columns would be wider than the photo and take as long as all the rest.
_LEGEND_ENTRIES = 4 * _LEGEND_ROWS
# A longer name would leave no room for the photo; it stands whole on the page.
_LONGEST_NAME = 24


def overlay_figure(
    photo: NDArray[np.uint8] | Image.Image,
    boxes: ArrayLike,
    labels: ArrayLike,
    congregations: Sequence[Congregation],
    title: str | None = None,
    max_side: int = 1600,
    styles: Mapping[int, int] | None = None,
    names: Mapping[int, str] | None = None,
) -> Figure:
    """Draw outlines around the congregations of one photo, their numbers at the edges, and a legend at the side.

    Args:
        photo: Shape (h, w, 3), uint8, or a picture in RGB.
        boxes: Shape (n, 4), x1 y1 x2 y2 in pixels of the photo.
        labels: Shape (n,), cluster of each box, negative for an item alone.
        congregations: As ``ClosingAggregation.aggregate`` returns them.
        title: Printed above the photo.
        max_side: Largest height or width of the drawn photo in pixels at the figure's own 100 dots per inch.
        styles: Style of each cluster, as :func:`assign_styles` numbers them; by default those of this photo alone.
        names: Name of clusters that have one, for the legend.

    Raises:
        ValueError: If the photo is not (h, w, 3) of uint8, or boxes and labels differ in number.
    """
    corners, clusters = np.asarray(boxes, dtype=float).reshape(-1, 4), np.asarray(labels)
    _check(photo, corners, clusters, max_side)
    picture = photo if isinstance(photo, Image.Image) else Image.fromarray(photo)
    width, height = picture.size
    side = min(max(height, width, _MIN_SIDE), max_side)
    inches = np.array([width, height]) * side / max(height, width) / _DPI
    unit = text_unit(width, height, side)
    numbers = styles or assign_styles([np.unique(clusters[clusters >= 0]).tolist()])[0]
    looks = {cluster: cluster_style(number) for cluster, number in numbers.items()}
    num_entries = min(len(np.unique(clusters)), _LEGEND_ENTRIES)
    num_columns = max(1, -(-num_entries // _LEGEND_ROWS))
    short = _legend_names(names or {})
    width_of_names = 72 / unit * text_inches(list(short.values()), 1.15 * unit)
    legend = np.array([num_columns * (14 + width_of_names), (-(-num_entries // num_columns) + 2) * 2.05]) * unit / 72
    title_inches = 3 * unit / 72 if title else 0.0
    size = (inches[0] + legend[0], max(inches[1] + title_inches, legend[1]))
    figure = Figure(figsize=size, dpi=_DPI, layout="constrained")
    axes = figure.add_subplot()
    axes.set_anchor("N")
    draw_photo(axes, picture, side)
    pixels_per_point = max(height, width) / side * _DPI / 72
    line = line_width(corners, unit, pixels_per_point)
    draw_alone(axes, corners[clusters < 0], line)
    polygons = [congregation.polygon for congregation in congregations]
    drawn = [looks[congregation.cluster] for congregation in congregations]
    draw_areas(axes, polygons, drawn, line, pixels_per_point)
    # Numbers come last, so that no outline runs over one.
    digits = len(str(max((congregation.cluster for congregation in congregations), default=0)))
    places = place_badges(polygons, corners, badge_size(digits, unit * pixels_per_point), (width, height))
    for congregation, style, place in zip(congregations, drawn, places, strict=True):
        draw_number(axes, congregation.cluster, style, place, unit)
    _draw_legend(figure, clusters, congregations, looks, unit, num_columns, short)
    if title:
        axes.set_title(title, fontsize=1.4 * unit)
    _lay_out_once(figure)
    return figure


def _legend_names(names: Mapping[int, str]) -> dict[int, str]:
    # Matplotlib would set what stands between two dollars as a formula.
    texts = [name.replace("$", r"\$") for name in shortened(list(names.values()), _LONGEST_NAME)]
    return dict(zip(names, texts, strict=True))


def text_unit(width: int, height: int, side: int) -> float:
    """Return the size of text in points; lines grow with it.

    Args:
        width: Of the photo.
        height: Of the photo; of a long and narrow one the shorter side counts too.
        side: Longer side of the drawn photo in pixels.
    """
    # A point is 1/72 inch.
    return max(_SMALLEST_UNIT, min(side, 2.5 * side * min(height, width) / max(height, width)) / _DPI * 72 / 80)


def _lay_out_once(figure: Figure) -> None:
    """Place the parts of the figure for good: with a layout that is still to be done, saving draws all of it twice."""
    engine = figure.get_layout_engine()
    assert engine is not None, "the figure was made with a layout"
    engine.execute(figure)
    figure.set_layout_engine(None)


class PhotoImage(AxesImage):
    """A photo that fills its axes, scaled by Pillow to the pixels that it is drawn on.

    Matplotlib scales in floats of 64 bits: 140 MB for 1600 x 1200 pixels.
    """

    def make_image(
        self, renderer: RendererBase, magnification: float = 1.0, unsampled: bool = False
    ) -> tuple[NDArray[np.uint8], float, float, Affine2D]:
        """Return what is drawn, as Matplotlib asks for it: RGBA from the lowest row up, and where its corner lies."""
        left, right, bottom, top = self.get_extent()
        place = np.sort(self.get_transform().transform([(left, bottom), (right, top)]), axis=0)
        if unsampled or not np.allclose(place, self.axes.bbox.get_points(), atol=0.5):
            # Someone has zoomed in.
            return super().make_image(renderer, magnification, unsampled)
        (x0, y0), (x1, y1) = np.rint(place * magnification).astype(int).tolist()
        photo = Image.fromarray(np.asarray(self.get_array()))
        scaled = photo.resize((max(1, x1 - x0), max(1, y1 - y0)), Image.Resampling.BICUBIC).convert("RGBA")
        return np.ascontiguousarray(np.asarray(scaled)[::-1]), x0, y0, Affine2D()


def draw_photo(axes: Axes, photo: Image.Image, side: int) -> None:
    """Fill axes with a photo whose longer side is drawn with so many pixels."""
    width, height = photo.size
    # What is drawn once is kept in no more pixels than it needs.
    step = max(1, max(height, width) // side)
    image = PhotoImage(axes, extent=(0, width, height, 0))
    image.set_data(np.asarray(photo.reduce(step)))
    image.set_clip_path(axes.patch)
    axes.add_image(image)
    axes.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    axes.set_axis_off()


def draw_number(axes: Axes, cluster: int, style: ClusterStyle, badge: Badge | None, unit: float) -> None:
    """Print a group's number where its badge was placed, if it was."""
    if badge is None:
        return
    text = axes.text(
        badge.x,
        badge.y,
        str(cluster),
        ha="center",
        va="center_baseline",
        color=style.text_colour,
        fontsize=1.2 * unit * badge.scale,
        fontweight="bold",
        bbox={
            "boxstyle": "round,pad=0.25",
            "facecolor": style.colour,
            "edgecolor": style.text_colour,
            "linewidth": 0.1 * unit,
        },
    )
    # The photo decides on the layout; asking each number for its size takes longer than drawing it.
    text.set_in_layout(False)


def _draw_legend(
    figure: Figure,
    labels: NDArray[np.int64],
    congregations: Sequence[Congregation],
    looks: Mapping[int, ClusterStyle],
    unit: float,
    num_columns: int,
    names: Mapping[int, str],
) -> None:
    sizes = Counter(labels[labels >= 0].tolist())
    places = Counter(congregation.cluster for congregation in congregations)
    num_listed = _LEGEND_ENTRIES - 2 if len(sizes) > _LEGEND_ENTRIES - 1 else len(sizes)
    listed = sorted(cluster for cluster, _ in sizes.most_common(num_listed))
    handles = [
        _legend_entry(cluster, looks[cluster], sizes[cluster], places[cluster], names.get(cluster, ""))
        for cluster in listed
    ]
    if num_listed < len(sizes):
        handles.append(Patch(fill=False, linewidth=0, label=f"{len(sizes) - num_listed} more"))
    num_alone = int((labels < 0).sum())
    if num_alone:
        handles.append(
            Patch(fill=False, edgecolor=ALONE_COLOUR, linestyle="dashed", linewidth=1.5, label=f"alone: {num_alone}")
        )
    figure.legend(
        handles=handles,
        loc="outside right upper",
        ncols=num_columns,
        fontsize=1.15 * unit,
        frameon=False,
        handlelength=1.8,
        handleheight=1.3,
        labelspacing=0.45,
        columnspacing=1.0,
        title=f"{len(labels)} items",
        title_fontsize=1.25 * unit,
        alignment="left",
    )


def _legend_entry(cluster: int, style: ClusterStyle, size: int, num_places: int, name: str) -> Patch:
    split = f" in {num_places} places" if num_places > 1 else ""
    return Patch(
        facecolor=(*style.colour, 0.25),
        edgecolor=style.colour,
        linestyle=(0, style.dashes) if style.dashes else "solid",
        linewidth=2.0,
        label=f"{cluster}:  {size}{split}" + (f"  {name}" if name else ""),
    )


def _check(
    photo: NDArray[np.uint8] | Image.Image, boxes: NDArray[np.float64], labels: NDArray[np.int64], max_side: int
) -> None:
    if isinstance(photo, Image.Image):
        if photo.mode != "RGB":
            raise ValueError(f"photo must be in RGB, got a picture of mode {photo.mode}")
    elif photo.ndim != 3 or photo.shape[2] != 3 or photo.dtype != np.uint8:
        raise ValueError(f"photo must be uint8 of shape (h, w, 3), got {photo.dtype} of shape {photo.shape}")
    if labels.shape != (len(boxes),):
        raise ValueError(f"boxes and labels must be of one number, got {len(boxes)} and shape {labels.shape}")
    if max_side < 1:
        raise ValueError(f"max_side must be a positive number of pixels, got {max_side}")
