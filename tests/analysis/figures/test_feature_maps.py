import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.figures.feature_maps import feature_maps_figure

GENERATOR = np.random.default_rng(0)
IMAGES = GENERATOR.integers(0, 256, size=(2, 40, 20, 3), dtype=np.uint8)
MAPS = [GENERATOR.normal(size=(2, 3, 8, 8)), GENERATOR.normal(size=(2, 20, 4, 4))]


def test_each_row_holds_the_crop_and_its_most_varied_channels():
    layer = np.random.default_rng(1).normal(size=(2, 20, 4, 4)) * np.r_[np.ones(10), np.full(10, 100)][:, None, None]
    figure = feature_maps_figure(IMAGES, [MAPS[0], layer], max_channels=10)
    FigureCanvasAgg(figure).draw()
    pictures = [axes.images[0].get_array() for axes in figure.axes]
    assert len(pictures) == 2 * (1 + 3) + 2 * (1 + 10)
    for row in range(2):
        crop, *channels = pictures[4 * row : 4 * row + 4]
        assert np.array_equal(crop, IMAGES[row])
        assert np.array_equal(channels, MAPS[0][row])
        crop, *channels = pictures[8 + 11 * row : 8 + 11 * row + 11]
        assert np.array_equal(crop, IMAGES[row])
        assert np.array_equal(channels, layer[row, 10:])
    assert pyplot.get_fignums() == []


def test_a_channel_has_one_scale_for_all_crops():
    figure = feature_maps_figure(IMAGES, MAPS[:1])
    for channel in range(3):
        limits = {figure.axes[4 * row + 1 + channel].images[0].get_clim() for row in range(2)}
        assert limits == {(MAPS[0][:, channel].min(), MAPS[0][:, channel].max())}


def test_rows_name_crops_and_blocks_name_layers():
    figure = feature_maps_figure(IMAGES, MAPS, ["soap/lemon", "household/" + 9 * "very long " + "rose"], title="crops")
    headings = [text.get_text() for text in figure.texts]
    assert headings == ["crops", "layer 1: 3 maps of 8x8", "layer 2: 20 maps of 4x4, the 12 that vary most"]
    assert [axes.get_title() for axes in figure.axes[:4]] == ["", "0", "1", "2"]
    names = [figure.axes[row].texts[0].get_text() for row in (0, 4)]
    assert names[0] == "soap/ lemon"
    assert names[1].endswith("rose")
    assert len(names[1]) < 50


def test_the_width_is_bounded_whatever_the_layers():
    deep = [np.zeros((2, 384, 3, 3)) for _ in range(5)]
    assert feature_maps_figure(IMAGES, deep, ["x" * 300, "y"]).get_figwidth() < 14


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
        (IMAGES, MAPS, ["first"], "2 crops"),
    ],
)
def test_bad_input_is_named(images, maps, names, message):
    with pytest.raises(ValueError, match=message):
        feature_maps_figure(images, maps, names)
