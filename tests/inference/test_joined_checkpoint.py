"""A checkpoint of networks of timm is whole: it groups without the files and the network that its training had."""

import numpy as np
import pytest
import torch
from support import compose_config
from two_coloured_shelf import PRODUCTS, write_two_coloured_shelf

from inference import Grouper
from inference.checkpoint import Checkpoint, untrained_embedder
from scripts.cli.recording import recipe_of

timm = pytest.importorskip("timm")
OPTIONS = [
    "backbone=joined",
    "~backbone.members.efficientnet_lite",
    "+backbone@backbone.members.tiny=timm",
    "backbone.members.tiny.name=test_efficientnet",
    "backbone.members.tiny.weights=somewhere.pth",
    "backbone.members.caffenet.weights_dir=folder_of_the_training",
    "backbone.members.caffenet.image_size=64",
    "+backbone.member_weights.tiny=2",
    "backbone.image_size=96",
    "clustering.distance_threshold=0.1",
]


@pytest.fixture(scope="module")
def content():
    recipe = recipe_of(compose_config(OPTIONS))
    torch.manual_seed(0)
    embedder = untrained_embedder(recipe)
    # Not what the name says, as after weights of another source.
    embedder.backbone.features["tiny"].mean.fill_(0.25)
    return Checkpoint(recipe, {f"embedder.{name}": value for name, value in embedder.state_dict().items()})


def test_it_groups_as_it_was_and_holds_no_places(content, tmp_path):
    plain = content.without_training()
    plain.write(tmp_path / "a.ckpt")
    assert "folder_of_the_training" not in str(plain.recipe.to_plain())
    assert "somewhere.pth" not in str(plain.recipe.to_plain())
    write_two_coloured_shelf(tmp_path)
    grouper = Grouper.load(tmp_path / "a.ckpt")
    assert grouper.embedder.backbone.features["tiny"].mean.tolist() == [0.25] * 3
    assert grouper.group(tmp_path / "shelf.png").score(PRODUCTS)["ari"] == 1
    images = torch.randint(0, 256, (2, 3, 96, 96), dtype=torch.uint8)
    first, second = (embedder(images, torch.zeros(2, 2)) for embedder in (content.build_embedder(), grouper.embedder))
    np.testing.assert_array_equal(first.detach(), second.detach())


@pytest.mark.parametrize(
    ("member", "message"),
    [
        ({"_target_": "os.system", "command": "true"}, "not a part of this project"),
        ({"_target_": "TimmBackbone", "name": "hf-hub:someone/net"}, "must be a network of timm"),
        ({"_target_": "CosineMetric"}, "got CosineMetric"),
        ({"_target_": "TimmBackbone", "name": {"_target_": "CosineMetric"}}, "more than plain values"),
        ("text", "got str"),
        (None, "got NoneType"),
    ],
)
def test_a_strangers_member_is_refused_in_one_line(content, tmp_path, member, message):
    recipe = content.recipe.to_plain()
    recipe["backbone"] = recipe["backbone"] | {"members": {"tiny": member}}
    torch.save({"recipe": recipe, "state_dict": content.weights}, tmp_path / "evil.ckpt")
    with pytest.raises(ValueError, match=message) as refused:
        Grouper.load(tmp_path / "evil.ckpt")
    assert "evil.ckpt" in str(refused.value)
    assert "\n" not in str(refused.value)
