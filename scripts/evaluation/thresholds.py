"""What a clustering learns its threshold from: training photos, or photos that other folds held out."""

from collections.abc import Sequence

import numpy as np
from hydra.utils import instantiate
from omegaconf import OmegaConf

from analysis.clustering.protocols import Calibratable
from callbacks.calibration import NUM_CROPS, calibrate
from scripts.evaluation.photos import Embedded

CALIBRATIONS = ("training", "other_folds")


def check_calibration(calibrate_on: str) -> None:
    """Raise a ValueError if the name is none of CALIBRATIONS."""
    if calibrate_on not in CALIBRATIONS:
        raise ValueError(f"calibrate_on must be one of {', '.join(CALIBRATIONS)}, got {calibrate_on!r}")


def learn_thresholds(runs: Sequence[Embedded], calibrate_on: str) -> dict[str, float]:
    """Fit every clustering that has no threshold yet, and return the thresholds by the runs' names.

    A network knows its training photos: their crops lie closer together than those of new photos, and a threshold
    from them tears new products apart. What other folds held out is new to the networks of these folds.

    Args:
        runs: Runs with their embedded photos.
        calibrate_on: "training" for each run's own training photos, as in training; "other_folds" for the photos that
            the other runs of its study and seed held out, each embedded by the run that held it out.

    Raises:
        ValueError: If a run has no other folds.
    """
    thresholds = {}
    for run in runs:
        clusterer = run.grouper.clusterer
        if isinstance(clusterer, Calibratable) and clusterer.distance_threshold is None:
            of_training = calibrate_on == "training"
            learned = _from_training(run, clusterer) if of_training else _from_other_folds(run, runs, clusterer)
            thresholds[run.trained.name] = learned
    return thresholds


def describe_thresholds(thresholds: dict[str, float], calibrate_on: str) -> list[str]:
    """Return what the user is told of them."""
    if not thresholds:
        return ["calibrate_on has no effect: the clustering has its threshold; type clustering=calibrated to learn it"]
    values = np.array(list(thresholds.values()))
    where = "the runs' own training photos" if calibrate_on == "training" else "photos that other folds held out"
    return [f"distance threshold {values.mean():.3f} ({values.min():.3f} to {values.max():.3f}) learned from {where}"]


def _from_training(run: Embedded, clusterer: Calibratable) -> float:
    cfg = run.trained.configuration()
    if cfg is None:
        raise ValueError(
            f"{run.trained.path} keeps no configuration of its run: its training photos are not known; type "
            "clustering.distance_threshold=0.3 or calibrate_on=other_folds"
        )
    datamodule = instantiate(cfg.datamodule)
    datamodule.setup()
    # Of runs from before it could be chosen, and of those without the callback, the default.
    num_crops = OmegaConf.select(cfg, "callbacks.calibration.num_crops", default=NUM_CROPS)
    return calibrate(clusterer, run.grouper.embedder, datamodule, num_crops)


def _from_other_folds(run: Embedded, runs: Sequence[Embedded], clusterer: Calibratable) -> float:
    own = {(scene.name, scene.ids) for scene in run.held_out.scenes}
    draw = (run.trained.study, run.trained.seed)
    pairs = [
        (scene, rows)
        for other in runs
        if (other.trained.study, other.trained.seed) == draw
        for scene, rows in zip(other.held_out.scenes, other.embeddings, strict=True)
        if (scene.name, scene.ids) not in own
    ]
    if not pairs:
        raise ValueError(
            f"calibrate_on=other_folds: no other fold of {run.trained.name} held other photos out; "
            "give all folds with runs=FOLDER"
        )
    scenes = [(rows, scene.labels) for scene, rows in pairs if scene.labels is not None]
    return clusterer.calibrate(scenes, [scene.source for scene, _ in pairs])
