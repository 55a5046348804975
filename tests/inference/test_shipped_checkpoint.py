"""The checkpoint that comes with the project."""

import json

import pytest
import torch
from hydra.utils import instantiate
from support import compose_config

from inference.checkpoint import Checkpoint
from inference.grouper import Grouper
from inference.shipped_checkpoint import SHIPPED
from scripts import group
from scripts.cli.recording import parts_of


@pytest.fixture(scope="module")
def scene(cache_dir):
    return instantiate(compose_config(["data=synthetic_small", f"cache_dir={cache_dir}"]).data).load().scenes[0]


def test_it_is_small_plain_and_without_a_head():
    content = torch.load(SHIPPED, weights_only=True)
    assert SHIPPED.stat().st_size <= 2_000_000
    assert content.keys() == {"recipe", "state_dict"}
    assert all(name.startswith("embedder.") and value.isfinite().all() for name, value in content["state_dict"].items())


def test_its_recipe_is_what_the_experiment_says_now():
    recipe = Checkpoint.read(SHIPPED).recipe
    now = parts_of(compose_config(["+experiment=out_of_the_box"]))
    # Aggregation is not trained, and may get other defaults.
    for part in ("resize", "preprocessing", "backbone", "metric", "clustering"):
        # Classes may move; which one it is stands at the end.
        then, today = (
            {**options, "_target_": options["_target_"].split(".")[-1]}
            for options in (getattr(recipe, part), now[part])
        )
        assert then == today, part
    assert recipe.configuration["data"]["num_brands"] == 200
    assert recipe.overrides == {"+experiment": "out_of_the_box"}


def test_it_groups_a_rendered_photo_better_than_chance(scene):
    groups = Grouper.load().group(scene.photo, scene.boxes)
    assert groups.score(scene.labels)["ari"] > 0.3


def test_the_command_takes_it_from_any_folder(scene, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ("x1", "y1", "x2", "y2")
    boxes = {
        name: dict(zip(names, box, strict=True)) for name, box in zip(scene.ids, scene.boxes.tolist(), strict=True)
    }
    (tmp_path / "boxes.json").write_text(json.dumps(boxes))
    group.main.__wrapped__(compose_config([f"photo={scene.photo.resolve()}", "boxes=boxes.json"], name="group"))
    assert len(json.loads((tmp_path / "out/groups.json").read_text())["detections"]) == len(scene)
