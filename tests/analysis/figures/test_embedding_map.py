import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.figures.embedding_map import embedding_map_figure


def places_of(figure):
    return np.vstack([points.get_offsets() for points in figure.axes[0].collections])


def legend_texts(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_classes_apart_are_apart_on_the_map():
    products = np.repeat([0, 1, 2], 15)
    rows = np.eye(6)[products] + 0.05 * np.random.default_rng(0).normal(size=(45, 6))
    figure = embedding_map_figure(rows, products, names=["soap", "oil", "tea"])
    FigureCanvasAgg(figure).draw()
    groups = [points.get_offsets() for points in figure.axes[0].collections]
    centres = np.array([group.mean(axis=0) for group in groups])
    for index, group in enumerate(groups):
        distance = np.linalg.norm(group[:, None] - centres, axis=2)
        assert (distance.argmin(axis=1) == index).all()
    assert legend_texts(figure) == ["0  soap (15)", "1  oil (15)", "2  tea (15)"]
    assert [text.get_text() for text in figure.axes[0].texts] == ["0", "1", "2"]
    assert pyplot.get_fignums() == []


@pytest.mark.parametrize("num_rows", [0, 1, 2, 3, 4, 6])
def test_few_points_are_drawn(num_rows):
    figure = embedding_map_figure(np.eye(num_rows, 8), np.arange(num_rows) - 1)
    FigureCanvasAgg(figure).draw()
    assert sum(len(points.get_offsets()) for points in figure.axes[0].collections) == num_rows
    assert figure.axes[0].get_title().startswith("t-SNE of" if num_rows >= 4 else f"{num_rows} embeddings")


def test_equal_points_are_drawn():
    assert np.isfinite(places_of(embedding_map_figure(np.ones((8, 3)), np.zeros(8, int)))).all()


def test_same_seed_gives_the_same_map_of_a_limited_number_of_points():
    rows = np.random.default_rng(0).normal(size=(30, 4))
    first, again, other = (embedding_map_figure(rows, np.zeros(30, int), seed=s, max_points=12) for s in (1, 1, 2))
    assert np.array_equal(places_of(first), places_of(again))
    assert not np.array_equal(places_of(first), places_of(other))
    assert len(places_of(first)) == 12
    assert first.axes[0].get_title() == "t-SNE of 12 embeddings, chosen from 30"


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="label 2, got 2 names"):
        embedding_map_figure(np.eye(3), [0, 1, 2], names=["a", "b"])
    with pytest.raises(ValueError, match=r"got 3 and shape \(2,\)"):
        embedding_map_figure(np.eye(3), [0, 1])


def test_of_very_many_classes_the_largest_are_named():
    labels = np.concatenate([np.arange(200), np.arange(5)])
    rows = np.random.default_rng(0).normal(size=(205, 4))
    figure = embedding_map_figure(rows, labels)
    (legend,) = figure.legends
    entries = [text.get_text() for text in legend.get_texts()]
    assert len(entries) == 90
    assert {f"{label} (2)" for label in range(5)} <= set(entries)
    assert "the 90 largest of 200 classes are named" in figure.axes[0].get_title()


def test_long_names_leave_the_map_its_room():
    names = [f"household/detergents/{'spring meadow ' * 8} number {number} of lavender" for number in range(40)]
    figure = embedding_map_figure(np.eye(40), np.arange(40), names)
    FigureCanvasAgg(figure).draw()
    map_box, legend_box = figure.axes[0].get_window_extent(), figure.legends[0].get_window_extent()
    assert map_box.width > 0.9 * figure.bbox.width
    assert 0.8 < map_box.height / map_box.width < 1.2
    assert legend_box.y1 <= map_box.y0
    assert legend_box.x1 <= figure.bbox.width
    assert len(set(legend_texts(figure))) == 40
    assert legend_texts(figure)[7] == "7  …7 of lavender (1)"
