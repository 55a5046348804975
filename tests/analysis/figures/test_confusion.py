import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg
from sklearn.metrics import confusion_matrix

from analysis.figures.confusion import confusion_figure


def draw(figure):
    FigureCanvasAgg(figure).draw()
    return figure.axes[0]


def names_of(count):
    return [f"product {index}" for index in range(count)]


@pytest.mark.parametrize(("num_classes", "annotated"), [(2, True), (5, True), (27, True), (60, False)])
def test_shares_equal_sklearns(num_classes, annotated):
    generator = np.random.default_rng(0)
    truth = np.concatenate([np.arange(num_classes), generator.integers(num_classes, size=200)])
    predicted = np.where(generator.random(len(truth)) < 0.7, truth, generator.permutation(truth))
    axes = draw(confusion_figure(truth, predicted, names_of(num_classes)))
    oracle = confusion_matrix(truth, predicted, normalize="true")
    np.testing.assert_allclose(axes.images[0].get_array(), oracle)
    assert len(axes.texts) == ((oracle > 0).sum() if annotated else 0)
    assert pyplot.get_fignums() == []


@pytest.mark.parametrize("num_classes", [27, 60])
def test_names_do_not_run_into_each_other(num_classes):
    figure = confusion_figure(np.arange(num_classes), np.arange(num_classes), names_of(num_classes))
    axes = draw(figure)
    for labels, size in ((axes.get_yticklabels(), "height"), (axes.get_xticklabels(), "width")):
        assert len(labels) == num_classes
        extent = [label.get_window_extent() for label in labels]
        middle = np.array([(box.y0 + box.y1, box.x0 + box.x1)[size == "width"] / 2 for box in extent])
        assert np.abs(np.diff(middle)).min() >= 0.9 * max(getattr(box, size) for box in extent)


def test_numbers_are_percent_and_a_class_without_items_is_empty():
    axes = draw(confusion_figure([0] * 300 + [1] * 2, [0] * 298 + [1] * 2 + [1, 0], ["tea", "oil", "soap"]))
    assert sorted(text.get_text() for text in axes.texts) == ["50", "50", "99", "<1"]
    assert axes.images[0].get_array().mask[2].all()
    assert [label.get_text() for label in axes.get_yticklabels()] == ["tea (300)", "oil (2)", "soap (0)"]
    assert "302 items, 99.0 % right" in axes.get_title()


def test_nothing_predicted_yet_gives_a_picture():
    assert draw(confusion_figure([], [], ["tea", "oil"])).get_title().startswith("0 items")


@pytest.mark.parametrize(
    ("truth", "predicted", "message"),
    [([0, 1], [0], r"\(2,\) and \(1,\)"), ([0, 2], [0, 0], "truth .* got 2"), ([0, 0], [0, -1], "predicted .* got -1")],
)
def test_bad_input_is_named(truth, predicted, message):
    with pytest.raises(ValueError, match=message):
        confusion_figure(truth, predicted, ["a", "b"])
