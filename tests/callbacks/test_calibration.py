"""The threshold of a clustering, fitted while training."""

from types import SimpleNamespace

import pytest
import torch

from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.clustering.calibrated import CalibratedClustering
from callbacks.calibration import CalibrationCallback, calibrate
from callbacks.clustering import fitted_clusterer


class Data:
    """Two photos of four crops each; what is embedded is the crop's one number."""

    def __init__(self, values, validation=(1,)):
        self.values, self.validation = values, validation

    def training_scenes(self, count):
        self.count = count
        labels = torch.tensor([0, 0, 1, 1])
        return [{"image": part, "size": part, "label": labels} for part in self.values.split(4)]


class Model:
    def __init__(self):
        self.embedder = SimpleNamespace(
            metric=SimpleNamespace(name="euclidean"), embed=lambda batches: torch.cat([images for images, _ in batches])
        )
        self.distance_threshold, self.logged, self.mode = None, {}, None

    def keep_distance_threshold(self, threshold):
        self.distance_threshold = threshold

    def log(self, name, value, sync_dist):
        self.logged[name] = value

    def train(self):
        self.mode = "train"


VALUES = torch.tensor([0.0, 0.1, 5.0, 5.1, 1.0, 1.2, 9.0, 9.1])[:, None]


def make_trainer(data, sent=None, **options):
    return SimpleNamespace(
        datamodule=data,
        sanity_checking=options.get("sanity_checking", False),
        is_global_zero=sent is None,
        strategy=SimpleNamespace(broadcast=lambda value: value if sent is None else sent),
        optimizers=[SimpleNamespace(param_groups=[{"lr": 0.1}])],
        current_epoch=0,
    )


def run(hook, data, clustering=CalibratedClustering, **options):
    model = Model()
    getattr(CalibrationCallback(clustering), hook)(make_trainer(data, **options), model)
    return model


def test_before_a_validation_the_threshold_is_fitted_logged_and_handed_over():
    model = run("on_validation_epoch_start", Data(VALUES))
    expected = calibrate(CalibratedClustering("euclidean"), model.embedder, Data(VALUES))
    assert model.distance_threshold == model.logged["clustering/distance_threshold"] == expected
    assert 0.2 < expected < 4


def test_the_threshold_is_fitted_on_as_many_crops_as_were_asked_for():
    data = Data(VALUES)
    CalibrationCallback(CalibratedClustering, num_crops=30).on_validation_epoch_start(make_trainer(data), Model())
    assert data.count == 30
    with pytest.raises(ValueError, match=r"callbacks\.calibration\.num_crops must be at least 1, got 0"):
        CalibrationCallback(CalibratedClustering, num_crops=0)


def test_without_validation_it_is_fitted_at_the_end_of_an_epoch():
    assert run("on_train_epoch_end", Data(VALUES)).distance_threshold is None
    model = run("on_train_epoch_end", Data(VALUES, validation=()))
    assert model.distance_threshold is not None
    assert model.mode == "train"


def test_other_processes_take_the_threshold_of_the_first():
    assert run("on_validation_epoch_start", Data(VALUES), sent=0.25).logged == {"clustering/distance_threshold": 0.25}


@pytest.mark.parametrize(
    ("clustering", "options"),
    [
        (lambda metric: AgglomerativeClustering(metric, distance_threshold=1.0), {}),
        (CalibratedClustering, {"sanity_checking": True}),
    ],
    ids=["another clustering", "sanity checking"],
)
def test_nothing_is_fitted_where_there_is_nothing_to_fit(clustering, options):
    assert run("on_validation_epoch_start", Data(VALUES), clustering, **options).logged == {}


@pytest.mark.parametrize("sent", [None, float("nan")])
def test_broken_embeddings_end_the_training_in_all_processes(sent):
    broken = VALUES.clone()
    broken[3] = float("nan")
    with pytest.raises(ValueError, match="diverged in epoch 0"):
        run("on_validation_epoch_start", Data(broken), sent=sent)


def test_whoever_clusters_gets_the_fitted_threshold_or_is_told_what_is_missing():
    model = Model()
    with pytest.raises(ValueError, match=r"keep callbacks\.calibration"):
        fitted_clusterer(CalibratedClustering, model)
    model.keep_distance_threshold(0.5)
    assert fitted_clusterer(CalibratedClustering, model).distance_threshold == 0.5
    given = fitted_clusterer(lambda metric: AgglomerativeClustering(metric, distance_threshold=1.0), model)
    assert given.distance_threshold == 1.0
