import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.figures.feature_maps import feature_maps_figure

GENERATOR = np.random.default_rng(0)
IMAGES = GENERATOR.integers(0, 256, size=(2, 40, 20, 3), dtype=np.uint8)
MAPS = [GENERATOR.normal(size=(2, 3, 8, 8)), GENERATOR.normal(size=(2, 20, 4, 4))]


def test_each_row_holds_the_crop_and_its_channels():
    figure = feature_maps_figure(IMAGES, MAPS)
    FigureCanvasAgg(figure).draw()
    pictures = [axes.images[0].get_array() for axes in figure.axes]
    # 1 crop, 3 channels, and the first 16 of 20.
    assert len(pictures) == 2 * 20
    for row in range(2):
        crop, *channels = pictures[20 * row : 20 * row + 20]
        assert np.array_equal(crop, IMAGES[row])
        assert np.array_equal(channels[:3], MAPS[0][row])
        assert np.array_equal(channels[3:], MAPS[1][row, :16])
    assert pyplot.get_fignums() == []


def test_a_channel_has_one_scale_for_all_crops():
    figure = feature_maps_figure(IMAGES, MAPS[:1])
    for channel in range(3):
        limits = {figure.axes[4 * row + 1 + channel].images[0].get_clim() for row in range(2)}
        assert limits == {(MAPS[0][:, channel].min(), MAPS[0][:, channel].max())}


def test_headings_name_layers_and_channels():
    figure = feature_maps_figure(IMAGES, MAPS, layer_names=["first", "second"], max_channels=2)
    titles = [axes.get_title(loc="left") for axes in figure.axes[:5]]
    assert titles == ["", "first: 3 maps of 8x8\n0", "1", "second: 20 maps of 4x4\n0", "1"]


def test_maps_lie_on_the_place_they_see():
    figure = feature_maps_figure(IMAGES, MAPS)
    FigureCanvasAgg(figure).draw()
    crop, channel = figure.axes[0].get_window_extent(), figure.axes[1].get_window_extent()
    assert (crop.height, crop.width) == pytest.approx((channel.height, channel.width), rel=0.02)
    assert crop.height == pytest.approx(2 * crop.width, rel=0.02)


def test_a_dead_channel_and_no_layer_are_drawn():
    FigureCanvasAgg(feature_maps_figure(IMAGES, [np.zeros((2, 1, 5, 5))])).draw()
    assert len(feature_maps_figure(IMAGES, []).axes) == 2


@pytest.mark.parametrize(
    ("images", "maps", "names", "message"),
    [
        (IMAGES / 255, MAPS, None, "float64"),
        (IMAGES[:0], [], None, r"\(0, 40, 20, 3\)"),
        (IMAGES, [MAPS[0][:1]], None, r"maps\[0\] .* got \(1, 3, 8, 8\)"),
        (IMAGES, MAPS, ["first"], "2 layers"),
    ],
)
def test_bad_input_is_named(images, maps, names, message):
    with pytest.raises(ValueError, match=message):
        feature_maps_figure(images, maps, names)
