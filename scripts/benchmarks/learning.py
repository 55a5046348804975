"""What a checkpoint learns from reviewed photos: the grouping of other photos of the same store, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from omegaconf import DictConfig
from sklearn.metrics import adjusted_rand_score

from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.clustering.distance import pairwise_distance
from analysis.labels import as_singletons
from analysis.measures.bootstrap import bootstrap_interval
from analysis.review.answers import Answer
from analysis.review.questions import review
from inference.grouper import Grouper
from inference.learning import Learner, PooledPhoto
from scripts.benchmarks.timing.table import Table
from scripts.evaluation.photos import photos_of_folder

NUM_REVIEWED = (3, 6, 12)
NUM_ANSWERS = 20


def run(cfg: DictConfig) -> Table:
    """Review some photos of a folder, chosen at random, learn from them, and measure the others.

    Raises:
        ValueError: If no folder is given, or it has fewer labelled photos than are to be reviewed.
    """
    if cfg.data.root is None:
        raise ValueError("data.root must be given: type data.root=FOLDER with labelled photos of one store")
    learner = Learner(Grouper.load(cfg.checkpoint))
    held = photos_of_folder(Path(cfg.data.root), None, [])
    scenes = [scene for scene in held.scenes if len(scene) > 1]
    numbers = list(cfg.sizes or NUM_REVIEWED)
    if max(numbers) >= len(scenes):
        raise ValueError(
            f"{cfg.data.root} has {len(scenes)} labelled photos, too few to review {max(numbers)}: type sizes="
        )
    photos = [learner.pool(scene) for scene in scenes]
    truth = [np.asarray(scene.labels) for scene in scenes]
    answered = [_answered(learner, *pair) for pair in zip(photos, truth, strict=True)]
    rows = []
    for title, products in (("every box", [as_singletons(own) for own in truth]), (f"{NUM_ANSWERS} answers", answered)):
        for number in numbers:
            found = np.array([_compare(learner, photos, truth, products, number, seed) for seed in range(cfg.repeats)])
            rows.append([title, str(number), *map(_cell, (found[:, 0], found[:, 1], found[:, 1] - found[:, 0]))])
    notes = [f"{len(scenes)} photos of {cfg.data.root}; {cfg.repeats} random choices of the photos that are reviewed"]
    notes.append("mean ARI over photos that were not reviewed, and its 95 % interval over the choices")
    return Table("Learning from reviews", ["reviewed with", "photos", "before", "after", "gain"], rows, notes)


def _compare(
    learner: Learner,
    photos: Sequence[PooledPhoto],
    truth: Sequence[NDArray[np.int64]],
    products: Sequence[NDArray[np.int64]],
    number: int,
    seed: int,
) -> tuple[float, float]:
    """Return the mean ARI of the photos that were not reviewed, before and after learning from those that were."""
    order = np.random.default_rng([seed, number]).permutation(len(photos))
    chosen, others = order[:number], order[number:]
    learned = learner.learn([photos[place] for place in chosen], [products[place] for place in chosen])
    metric = learner.embedder.metric.name
    measured = []
    for change, threshold in ((None, learner.threshold), (learned.transformation, learned.threshold)):
        clustering = AgglomerativeClustering(metric, distance_threshold=threshold)
        scores = [_ari(truth[place], clustering.fit(learner.embed(photos[place], change)).labels) for place in others]
        measured.append(float(np.mean(scores)))
    return measured[0], measured[1]


def _ari(products: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
    known = products >= 0
    return float(adjusted_rand_score(products[known], as_singletons(labels)[known]))


def _answered(learner: Learner, photo: PooledPhoto, products: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the groups of a photo after a person's answers to the questions of the page."""
    distance = pairwise_distance(learner.embed(photo), learner.embedder.metric.name)
    answers: list[Answer] = []
    true = as_singletons(products)
    for _ in range(NUM_ANSWERS):
        question = review(distance, answers, learner.threshold).question
        if question is None:
            break
        first, second = question.items
        is_same = true[first] == true[second]
        answers.append(Answer("same", (first, second)) if is_same else Answer("different", (first,), (second,)))
    return review(distance, answers, learner.threshold).found.groups


def _cell(values: NDArray[np.float64]) -> str:
    low, high = bootstrap_interval(values.tolist())
    return f"{values.mean():.3f} ({low:.3f} to {high:.3f})"
