import numpy as np
import pytest
import shapely
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from analysis.aggregation.closing_aggregation import ClosingAggregation
from analysis.figures.overlay import draw_photo, overlay_figure
from analysis.figures.palette import cluster_style

PHOTO = np.full((300, 500, 3), 128, dtype=np.uint8)
BOXES = np.array([[20, 20, 80, 120], [85, 20, 145, 120], [300, 150, 360, 260], [420, 20, 480, 120]], dtype=float)
LABELS = np.array([0, 0, 1, -1])


def draw(figure):
    """Return the drawn pixels, shape (h, w, 3) in 0..1, and a function from photo to drawn pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3] / 255

    def place(x, y):
        column, row = figure.axes[0].transData.transform((x, y))
        return round(pixels.shape[0] - row), round(column)

    return pixels, place


def figure_of(labels=LABELS, **options):
    return overlay_figure(PHOTO, BOXES, labels, ClosingAggregation().aggregate(BOXES, labels), **options)


def legend_texts(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_numbers_and_legend_say_what_is_there():
    figure = figure_of(title="a shelf")
    assert sorted(text.get_text() for text in figure.axes[0].texts) == ["0", "1"]
    assert legend_texts(figure) == ["0:  2", "1:  1", "alone: 1"]
    assert figure.axes[0].get_title() == "a shelf"
    assert pyplot.get_fignums() == []


def test_a_cluster_in_two_places_has_two_numbers_and_one_entry():
    figure = figure_of(np.array([0, 0, -1, 0]))
    assert [text.get_text() for text in figure.axes[0].texts] == ["0", "0"]
    assert legend_texts(figure) == ["0:  3 in 2 places", "alone: 1"]


def test_colour_is_inside_the_congregation_and_nowhere_else():
    pixels, place = draw(figure_of())
    grey, colour = np.full(3, 128 / 255), np.array(to_rgb(cluster_style(0).colour))
    np.testing.assert_allclose(pixels[place(40, 100)], 0.93 * grey + 0.07 * colour, atol=0.02)
    # In the bridged gap too; but neither in the item alone nor on the shelf.
    np.testing.assert_allclose(pixels[place(82.5, 100)], 0.93 * grey + 0.07 * colour, atol=0.02)
    np.testing.assert_allclose(pixels[place(450, 70)], grey, atol=0.02)
    np.testing.assert_allclose(pixels[place(230, 130)], grey, atol=0.02)


def test_photo_is_drawn_in_its_own_coordinates_however_large():
    photo = np.zeros((1000, 3000, 3), np.uint8)
    photo[500:, 1500:] = (255, 0, 0)
    pixels, place = draw(overlay_figure(photo, [], [], [], max_side=400))
    for x, y, red in ((1400, 600, 0), (1600, 600, 1), (1600, 400, 0)):
        np.testing.assert_allclose(pixels[place(x, y)], [red, 0, 0], atol=0.02)


@pytest.mark.parametrize(("shape", "max_side"), [((2000, 1000), 1200), ((1000, 2000), 1200)])
def test_max_side_bounds_the_drawn_photo(shape, max_side):
    figure = overlay_figure(np.zeros((*shape, 3), np.uint8), [], [], [], max_side=max_side)
    draw(figure)
    window = figure.axes[0].get_window_extent()
    assert max_side * 0.9 < max(window.width, window.height) <= max_side * 1.01


@pytest.mark.parametrize("title", [None, "long shelf"])
def test_forty_clusters_fit_the_legend_and_stay_apart_from_the_photo(title):
    corners = np.stack(np.meshgrid(np.arange(8) * 60, np.arange(5) * 60), axis=-1).reshape(-1, 2)
    boxes = np.hstack([corners, corners + 40]).astype(float)
    labels = np.arange(40)
    figure = overlay_figure(PHOTO, boxes, labels, ClosingAggregation(0, 0).aggregate(boxes, labels), title=title)
    draw(figure)
    legend, photo = figure.legends[0].get_window_extent(), figure.axes[0].get_window_extent()
    assert len(legend_texts(figure)) == 40
    assert legend.x0 >= photo.x1 - 1
    assert legend.y0 >= 0
    assert legend.x1 <= figure.bbox.x1 + 1


def test_the_legend_lists_the_largest_of_very_many_clusters():
    labels = np.repeat(np.arange(200), 2)
    labels[:200] = 199
    figure = overlay_figure(PHOTO, np.tile(BOXES[0], (400, 1)), labels, [])
    texts = legend_texts(figure)
    assert len(texts) == 95
    assert texts[-2:] == ["199:  202", "6 more"]


def test_the_number_of_a_bent_congregation_stands_at_its_edge():
    boxes = np.array([[0, 0, 60, 290], [60, 230, 490, 290]], dtype=float)
    (congregation,) = ClosingAggregation(0, 0).aggregate(boxes, [0, 0])
    figure = overlay_figure(PHOTO, boxes, [0, 0], [congregation])
    place = shapely.Point(figure.axes[0].texts[0].get_position())
    assert congregation.polygon.boundary.distance(place) < 15
    assert congregation.polygon.exterior.distance(congregation.polygon.centroid) > 15


def test_groups_whose_numbers_are_far_apart_differ_in_style():
    labels = np.array([0, 126, 252, 378])
    boxes = np.array([[60 * k, 20, 60 * k + 50, 120] for k in range(4)], dtype=float)
    figure = overlay_figure(PHOTO, boxes, labels, ClosingAggregation(0, 0).aggregate(boxes, labels))
    badges = {text.get_bbox_patch().get_facecolor() for text in figure.axes[0].texts}
    assert len(badges) == 4


@pytest.mark.parametrize("shape", [(40, 4000), (4000, 60), (9, 9)])
def test_photos_of_extreme_sizes_have_a_legend_that_is_whole(shape):
    labels = np.arange(12)
    step = shape[1] / 12
    boxes = np.array([[step * k, 0, step * k + 0.8 * step, 0.9 * shape[0]] for k in range(12)])
    parts = (boxes, labels, ClosingAggregation(0, 0).aggregate(boxes, labels))
    figure = overlay_figure(np.zeros((*shape, 3), np.uint8), *parts, title="photo")
    draw(figure)
    legend = figure.legends[0].get_window_extent()
    assert legend.y0 >= -1
    assert legend.y1 <= figure.bbox.y1 + 1
    assert legend.x1 <= figure.bbox.x1 + 1
    assert legend.x0 >= figure.axes[0].get_window_extent().x1 - 1


def test_a_number_at_the_side_of_the_photo_is_whole():
    boxes = np.array([[0, 0, 8, 100], [492, 0, 500, 100]], dtype=float)
    figure = overlay_figure(PHOTO, boxes, [0, 1], ClosingAggregation().aggregate(boxes, [0, 1]))
    draw(figure)
    photo = figure.axes[0].get_window_extent()
    for text in figure.axes[0].texts:
        badge = text.get_bbox_patch().get_window_extent()
        assert photo.x0 <= badge.x0 < badge.x1 <= photo.x1


def test_no_box_gives_a_picture():
    figure = overlay_figure(PHOTO, [], [], [])
    assert isinstance(figure, Figure)
    draw(figure)
    assert legend_texts(figure) == []


@pytest.mark.parametrize(
    ("photo", "labels", "options", "message"),
    [
        (PHOTO / 255, LABELS, {}, "float64"),
        (PHOTO[..., 0], LABELS, {}, r"\(300, 500\)"),
        (PHOTO, LABELS[:2], {}, r"got 4 and shape \(2,\)"),
        (PHOTO, LABELS, {"max_side": 0}, "max_side .* got 0"),
    ],
)
def test_bad_input_is_named(photo, labels, options, message):
    with pytest.raises(ValueError, match=message):
        overlay_figure(photo, BOXES, labels, [], **options)


@pytest.mark.parametrize("zoomed", [False, True])
def test_the_photo_looks_as_matplotlib_would_draw_it(zoomed):
    steps = np.linspace(0, 255, 300).astype(np.uint8)
    photo = np.stack(np.broadcast_arrays(steps[None], steps[:200, None], np.uint8(90)), axis=2)
    drawn = []
    for own in (True, False):
        figure = Figure(figsize=(2, 2), dpi=100)
        axes = figure.add_axes((0, 0, 1, 1))
        if own:
            draw_photo(axes, Image.fromarray(photo), 200)
        else:
            axes.imshow(photo, extent=(0, 300, 200, 0))
            axes.set_axis_off()
        if zoomed:
            axes.set(xlim=(50, 150), ylim=(100, 50))
        drawn.append(draw(figure)[0])
    np.testing.assert_allclose(*(picture[40:160, 5:195] for picture in drawn), atol=0.015)
