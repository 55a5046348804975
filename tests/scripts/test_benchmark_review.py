"""Simulated reviews: who asks, what answers do, and the table."""

from dataclasses import replace

import numpy as np
import pytest
from omegaconf import OmegaConf

from scripts.benchmarks import review
from scripts.benchmarks.reviewing.asking import AskedPhoto, answer_questions

ALL_PAIRS = 12 * 11 // 2


@pytest.fixture
def photo():
    generator = np.random.default_rng(0)
    products = np.repeat(np.arange(5), [4, 3, 3, 1, 1])
    rows = generator.normal(size=(5, 8))[products] + 1.1 * generator.normal(size=(12, 8))
    return AskedPhoto("run", "photo", "shop", rows.astype(np.float32), products, products < 3, 0.5, "cosine")


@pytest.mark.parametrize("name", review.METHODS)
def test_answers_make_a_photo_right(photo, name):
    measured = answer_questions(photo, review.METHODS[name][1], (0, 3, ALL_PAIRS), seed=0, wrong=0.0)
    ari = [found.parts["all"]["ari"] for found in measured]
    assert ari[0] < 0.95
    # Peers may end before all is known: they rely on parts that they take for pure.
    assert ari[-1] > 0.8 if name in ("a3s", "cobras") else ari[-1] == 1.0


def test_wrong_answers_cost_something_and_are_the_same_for_a_seed(photo):
    method = review.METHODS["most_gain"][1]
    runs = [answer_questions(photo, method, (ALL_PAIRS,), seed, 0.3)[0].parts["all"]["ari"] for seed in (1, 1, 2)]
    assert runs[0] == runs[1] < 1


def test_the_table_has_a_row_for_each_method_and_part(photo, monkeypatch):
    monkeypatch.setattr(review, "photos_of_runs", lambda *arguments: [photo, photo])
    options = {"runs": "runs", "cache_dir": "cache", "sources": None, "wrong": 0.0, "marks": [0, 2], "seed": 0}
    options |= {"across_photos": False, "checkpoint": None, "data": {"root": None}}
    table = review.run(OmegaConf.create({**options, "methods": ["most_gain", "random_pairs"]}))
    assert [row[0] for row in table.rows] == ["shop_all (2)"] * 2 + ["shop_unseen (2)"] * 2
    for change, message in [
        ({"methods": ["guess"]}, "no method 'guess'"),
        ({"methods": None, "runs": None}, "type runs=FOLDER"),
        ({"methods": None, "across_photos": True}, "type data.root=FOLDER"),
        ({"methods": None, "wrong": 1.0}, "wrong must lie"),
        ({"methods": None, "marks": [5, 0]}, "marks must be ascending"),
    ]:
        with pytest.raises(ValueError, match=message):
            review.run(OmegaConf.create({**options, **change}))


def test_photos_of_a_store_are_asked_about_together(photo, monkeypatch):
    monkeypatch.setattr(review, "store_of_folder", lambda *arguments: replace(photo, seen=None, source="store"))
    options = {"runs": None, "methods": ["most_gain"], "wrong": 0.0, "marks": [0, 2], "seed": 0}
    options |= {"across_photos": True, "checkpoint": None, "data": {"root": "store"}}
    assert [row[0] for row in review.run(OmegaConf.create(options)).rows] == ["store_all (1)"]
