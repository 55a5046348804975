"""Checkpoints that learned from reviews."""

import numpy as np
import pytest
from support import compose_config

from analysis.learning import Learned
from analysis.review.answers import Answer
from datamodules.box_files import read_scene
from inference.checkpoint import Checkpoint
from inference.grouper import Grouper
from inference.learning import Learner
from inference.shipped_checkpoint import SHIPPED
from scripts import benchmark, review

WRONG_UNTIL_TOLD = [Answer("same", (0, 1, 2, 3, 5)), Answer("same", (4, 9))]


def run_learn(**values):
    typed = [f"{key}={value}" for key, value in {"mode": "learn", **values}.items()]
    review.main.__wrapped__(compose_config(typed, name="review"))


def test_the_command_writes_a_checkpoint_that_groups(store, save, tmp_path, capsys):
    for name in "ab":
        save(*WRONG_UNTIL_TOLD, photos=name, name=f"{name}.json")
    run_learn(answers=tmp_path / "reviews", photos=store, output=tmp_path / "store.ckpt")
    assert "from 2 photo(s) and 4 answers" in capsys.readouterr().out
    assert len(Grouper.load(tmp_path / "store.ckpt").group(store / "a.png")) == 10


@pytest.mark.parametrize("linear", [True, False])
def test_what_was_learned_is_all_that_changes(store, tmp_path, trained, linear):
    before = Checkpoint.read(SHIPPED if linear else trained / "checkpoints/last.ckpt")
    learner = Learner(Grouper.load(before.source))
    assert (learner.layer is not None) == linear
    photo = learner.pool(read_scene(store / "a.png", store / "a.json"))
    width = before.build_embedder().backbone.embedding.embedding_dim
    change = np.diag(np.linspace(0.5, 2, width)) if linear else None
    expected = learner.embed(photo, change)
    learner.checkpoint(before, Learned(change, 0.123)).write(tmp_path / "store.ckpt")
    after = Checkpoint.read(tmp_path / "store.ckpt")
    assert after.recipe.distance_threshold == 0.123
    assert not after.resumable
    groups = Grouper.load(tmp_path / "store.ckpt").group(store / "a.png", store / "a.json")
    assert np.allclose(groups.embeddings, expected, atol=1e-6)
    plain = Grouper.load(before.source).group(store / "a.png", store / "a.json").embeddings
    assert np.allclose(plain, expected, atol=1e-6) != linear


def test_what_cannot_learn_is_named(save, store, tmp_path, capsys):
    for values, message in [
        ({"output": tmp_path}, "is a folder: type the file of a checkpoint"),
        ({"output": tmp_path / "x.ckpt", "checkpoint": "nowhere.ckpt"}, "there is no checkpoint nowhere.ckpt"),
    ]:
        with pytest.raises(SystemExit):
            run_learn(answers=save(*WRONG_UNTIL_TOLD), photos=store, **values)
        assert message in capsys.readouterr().err


def test_the_benchmark_measures_photos_that_were_not_reviewed(store, save, tmp_path, capsys):
    run_review = review.main.__wrapped__
    run_review(
        compose_config([f"answers={save(photos='ab')}", f"photos={store}", f"output={tmp_path}/out"], name="review")
    )
    typed = ["name=learning", f"data.root={tmp_path}/out", "sizes=[1]", "repeats=2"]
    benchmark.main.__wrapped__(compose_config(typed, name="benchmark"))
    assert "20 answers" in capsys.readouterr().out
