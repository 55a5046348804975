"""Checkpoints that learned from reviews."""

import json
import shutil

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


@pytest.fixture
def told(monkeypatch):
    """The products of each photo, for each time that something was to be learned."""
    seen = []

    def learn(self, photos, products):
        seen.append(products)
        return Learned(None, self.threshold)

    monkeypatch.setattr(Learner, "learn", learn)
    return seen


def test_equal_names_in_two_photos_are_one_product(store, save, tmp_path, told):
    for photo, name in (("a", "Cola  Zero"), ("b", "cola zero")):
        save(*WRONG_UNTIL_TOLD, Answer("name", (0,), name=name), photos=photo, name=f"{photo}.json")
    run_learn(answers=tmp_path / "reviews", photos=store, output=tmp_path / "store.ckpt")
    ((first, second),) = told
    assert set(first) & set(second) == {first[0]} == {second[0]}
    assert all(own[0] == own[5] != own[4] == own[9] for own in (first, second))


def test_photos_that_were_reviewed_together_share_products(store, save, tmp_path, told):
    save(Answer("same", (4, 9, 14, 19)), photos="ab", across=True)
    run_learn(answers=tmp_path / "reviews", photos=store, output=tmp_path / "store.ckpt")
    ((first, second),) = told
    assert first[4] == first[9] == second[4] == second[9]


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


def test_the_benchmark_measures_photos_that_were_not_reviewed(store, save, tmp_path):
    run_review = review.main.__wrapped__
    run_review(
        compose_config([f"answers={save(photos='ab')}", f"photos={store}", f"output={tmp_path}/out"], name="review")
    )
    typed = ["name=learning", f"data.root={tmp_path}/out", "sizes=[1]", "repeats=2", f"output={tmp_path}/table.md"]
    benchmark.main.__wrapped__(compose_config(typed, name="benchmark"))
    assert "| 20 answers | 1 |" in " ".join((tmp_path / "table.md").read_text().split())


@pytest.mark.parametrize("named", [True, False])
def test_a_name_is_one_product_in_all_photos_of_the_benchmark(store, tmp_path, told, named):
    # The photos name the same products, but which is the first differs.
    for photo, names in (("a", "pqr"), ("b", "rpq"), ("c", "qrp")):
        shutil.copy(store / "a.png", tmp_path / f"{photo}.png")
        boxes = [box.values() for box in json.loads((store / "a.json").read_text()).values()]
        shown = [names[number] for number in (0, 0, 1, 1, 2)] * 2
        rows = [",".join(map(str, [*box, name])) for box, name in zip(boxes, shown, strict=True)]
        (tmp_path / f"{photo}.csv").write_text("\n".join(["x1,y1,x2,y2,product", *rows]))
    typed = ["name=learning", f"data.root={tmp_path}", "sizes=[2]", "repeats=1", f"named={named}"]
    benchmark.main.__wrapped__(compose_config(typed, name="benchmark"))
    assert len(told) == 2
    for first, second in told:
        assert set(first) == set(second) if named else not set(first) & set(second)
        assert not np.array_equal(first, second)
