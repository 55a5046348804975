"""What a checkpoint learns from reviewed photos: the grouping of other photos of the same store, before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from omegaconf import DictConfig
from sklearn.metrics import adjusted_rand_score

from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.clustering.distance import pairwise_distance
from analysis.labels import as_singletons, rows_by_label
from analysis.learning import Learned
from analysis.measures.bootstrap import bootstrap_interval
from analysis.naming.products import UNKNOWN_NAMED
from analysis.review.answers import Answer
from analysis.review.questions import review
from inference.grouper import Grouper
from inference.learning import Learner, PooledPhoto
from scripts.benchmarks.reviewing.named_units import finite_mean, learn_from, named_shares, photo_unit
from scripts.benchmarks.timing.table import Table
from scripts.evaluation.photos import photos_of_folder

NUM_REVIEWED = (3, 6, 12)
NUM_ANSWERS = 20


@dataclass(frozen=True)
class _Store:
    """The photos of a store.

    Attributes:
        learner: What learns from some of them.
        photos: The photos.
        truth: Product of each detection (n,), negative for an unknown one.
        told: What a review says of it (n,).
        named: Whether the review names products, so that numbers are those of the truth.
    """

    learner: Learner
    photos: Sequence[PooledPhoto]
    truth: Sequence[NDArray[np.int64]]
    told: Sequence[NDArray[np.int64]]
    named: bool

    def measure(self, learned: Learned, order: NDArray[np.int64], number: int) -> list[float]:
        """Return mean ARI and shares of names of all but the first photos, which were reviewed and give the names."""
        metric = self.learner.embedder.metric.name
        clustering = AgglomerativeClustering(metric, distance_threshold=learned.threshold)
        rows = [self.learner.embed(self.photos[place], learned.transformation) for place in order]
        groups = [clustering.fit(own).labels for own in rows[number:]]
        scores = [_ari(self.truth[place], own) for place, own in zip(order[number:], groups, strict=True)]
        if not self.named:
            return [float(np.mean(scores))]
        told = [self.told[place] for place in order[:number]]
        known = [photo_unit("", own, products, products) for own, products in zip(rows[:number], told, strict=True)]
        products = learn_from(known, [], metric, learned.threshold, of_photos=True)
        others = zip(rows[number:], groups, order[number:], strict=True)
        units = [photo_unit("", own, labels, self.truth[place]) for own, labels, place in others]
        shares = [named_shares(unit, products, [UNKNOWN_NAMED])[UNKNOWN_NAMED] for unit in units]
        return [float(np.mean(scores)), *map(finite_mean, zip(*shares, strict=True))]


def run(cfg: DictConfig) -> Table:
    """Review some photos of a folder, chosen at random, learn from them, and measure the others.

    Raises:
        ValueError: If no folder is given, or it has fewer labelled photos than are to be reviewed.
    """
    if cfg.data.root is None:
        raise ValueError("data.root must be given: type data.root=FOLDER with labelled photos of one store")
    learner = Learner(Grouper.load(cfg.checkpoint))
    scenes = [scene for scene in photos_of_folder(Path(cfg.data.root), None, []).scenes if len(scene) > 1]
    numbers = list(cfg.sizes or NUM_REVIEWED)
    if max(numbers) >= len(scenes):
        raise ValueError(
            f"{cfg.data.root} has {len(scenes)} labelled photos, too few to review {max(numbers)}: type sizes="
        )
    photos = [learner.pool(scene) for scene in scenes]
    truth = [np.asarray(scene.labels) for scene in scenes]
    answered = [_answered(learner, *pair) for pair in zip(photos, truth, strict=True)]
    rows = []
    for title, groups in (("every box", [as_singletons(own) for own in truth]), (f"{NUM_ANSWERS} answers", answered)):
        store = _Store(learner, photos, truth, _named(groups, truth) if cfg.named else _apart(groups), cfg.named)
        for number in numbers:
            found = np.array([_compare(store, number, seed) for seed in range(cfg.repeats)])
            (before, *_), (after, *_) = np.moveaxis(found, 0, -1)
            names = [_shares(found[:, when, 1:]) for when in range(2)] if cfg.named else ["", ""]
            rows.append([title, str(number), *map(_cell, (before, after, after - before)), *names])
    notes = [f"{len(scenes)} photos of {cfg.data.root}; {cfg.repeats} random choices of the photos that are reviewed"]
    says = "a name to each group, so that one product is one in all photos" if cfg.named else "no names"
    notes.append(f"who reviewed gave {says}")
    notes.append("mean ARI over photos that were not reviewed, and its 95 % interval over the choices")
    notes.append("names: shares of their detections: known named right / known named wrong / unknown named")
    columns = ["reviewed with", "photos", "before", "after", "gain", "names before", "names after"]
    return Table("Learning from reviews", columns, rows, notes)


def _compare(store: _Store, number: int, seed: int) -> list[list[float]]:
    """Return the measures of the photos that were not reviewed, before and after learning from those that were."""
    order = np.random.default_rng([seed, number]).permutation(len(store.photos))
    chosen = order[:number]
    learned = store.learner.learn([store.photos[place] for place in chosen], [store.told[place] for place in chosen])
    return [store.measure(what, order, number) for what in (Learned(None, store.learner.threshold), learned)]


def _named(groups: Sequence[NDArray[np.int64]], truth: Sequence[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Return each group's number as that of the product which most of its items show, one of its own if unknown."""
    named = [np.empty_like(own) for own in truth]
    for new, own, products in zip(named, groups, truth, strict=True):
        for rows in rows_by_label(own):
            new[rows] = Counter(products[rows].tolist()).most_common(1)[0][0]
    return np.split(as_singletons(np.concatenate(named)), np.cumsum([len(own) for own in named])[:-1])


def _apart(products: Sequence[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Return products of which each photo has its own."""
    step = 1 + max(int(own.max()) for own in products)
    return [own + step * place for place, own in enumerate(products)]


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


def _shares(values: NDArray[np.float64]) -> str:
    return " / ".join(f"{finite_mean(column):.2f}" for column in values.T)


def _cell(values: NDArray[np.float64]) -> str:
    low, high = bootstrap_interval(values.tolist())
    return f"{values.mean():.3f} ({low:.3f} to {high:.3f})"
