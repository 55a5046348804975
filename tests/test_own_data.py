"""What own crops and photos are trained with by default, and that what is typed wins over it."""

import re

import pytest
import torch
from omegaconf import OmegaConf
from PIL import Image
from support import compose_config

from inference.checkpoint import Checkpoint
from lightning_modules.backbones.alexnet_two_layer import AlexNetTwoLayer
from lightning_modules.backbones.weights import SHIPPED
from train import train

# What the recipes decide.
DECIDED = ("backbone", "head", "metric", "scheduler", "lambda", "embedding_dim", "sampler", "module", "callbacks")
NO_ROOT = ["data.root=unused", "output_dir=unused"]


@pytest.fixture(scope="module")
def crops(tmp_path_factory):
    """A folder of three products, four crops each."""
    folder = tmp_path_factory.mktemp("crops")
    for number, colour in enumerate([(200, 40, 40), (40, 200, 40), (40, 40, 200)]):
        (folder / f"product_{number}").mkdir()
        for crop in range(4):
            picture = Image.effect_noise((40 + crop, 48), 60).convert("RGB")
            Image.blend(picture, Image.new("RGB", picture.size, colour), 0.6).save(
                folder / f"product_{number}" / f"{crop}.png"
            )
    return folder


def decided(*overrides):
    values = OmegaConf.to_container(compose_config([*overrides, "output_dir=unused"]), resolve=True)
    return {key: values[key] for key in DECIDED}


@pytest.mark.parametrize("data", ["synthetic_small", "detergents", "cornershop", "grozi120", "joined"])
def test_known_data_keep_the_small_net(data):
    cfg = compose_config([f"data={data}", "output_dir=unused"])
    assert (cfg.backbone.widths, cfg.head["_target_"].split(".")[-1]) == ([4, 16], "AnchoredHead")
    assert (cfg["lambda"], cfg.sampler, cfg.embedding_dim) == (10, "shuffled", 32)


@pytest.mark.parametrize(("data", "size_weight"), [("folder", 0.0), ("photos", 0.2)])
def test_own_data_begin_with_the_included_checkpoint(data, size_weight):
    cfg = compose_config([f"data={data}", *NO_ROOT])
    assert (cfg.backbone.weights, cfg.metric.size_weight) == ("shipped", size_weight)
    assert "CosFaceHead" in cfg.head["_target_"]


@pytest.mark.parametrize("data", ["folder", "photos"])
def test_the_reports_net_is_one_override_away(data):
    assert decided(f"data={data}", "data.root=unused", "recipe=report", "callbacks=minimal") == decided(
        "data=synthetic", "callbacks=minimal"
    )


def test_what_is_typed_wins():
    typed = ["backbone=alexnet_two_layer", "head=triplet", "metric=euclidean", "scheduler=constant", "embedding_dim=7"]
    cfg = compose_config(["data=photos", *NO_ROOT, *typed])
    assert (cfg.backbone.widths, cfg.sampler, cfg.embedding_dim) == ([4, 16], "classes", 7)
    assert "size_weight" not in cfg.metric
    mine = compose_config(["data=joined", "+data@data.sources.mine=photos", "data.sources.mine.root=x", *NO_ROOT[1:]])
    assert mine.backbone.widths == [4, 16]


@pytest.mark.parametrize("typed", [[], ["backbone=alexnet_two_layer", "metric=manhattan", "head=cosine"]])
def test_a_training_of_a_folder_ends_with_a_checkpoint_that_loads_anywhere(config, crops, tmp_path, typed):
    train(config("data=folder", f"data.root={crops}", "data.validation_fraction=0.25", "embedding_dim=2", *typed))
    checkpoint = Checkpoint.read(tmp_path / "run/checkpoints/last.ckpt")
    held = checkpoint.without_training().build_embedder().backbone.features[0].weight
    shipped = Checkpoint.read(SHIPPED).build_embedder().backbone.features[0].weight
    assert held.shape != shipped.shape if typed else torch.equal(held, shipped)


def test_a_training_below_the_included_checkpoint_says_so(config, crops, capsys):
    own = ["data=folder", f"data.root={crops}", "data.validation_fraction=0.5"]
    # Colours alone, weighed at random, and nothing learned.
    bad = ["backbone.colour_weight=0", "embedding_dim=1", "callbacks.lda_initialization.crops_per_class=0"]
    train(config(*own, *bad, "optimizer.lr=0"))
    printed = capsys.readouterr().out
    assert re.search(
        r"below the included checkpoint on the validation crops: .*0\.\d+ instead of 1\.000; group", printed
    )
    train(config(*own, "embedding_dim=2"))
    assert "below the included checkpoint" not in capsys.readouterr().out


def test_layers_of_other_widths_are_named():
    with pytest.raises(ValueError, match=r"shelves.ckpt: .*0\.weight is \(32, 3, 11, 11\) instead of \(4, 3, 11, 11\)"):
        AlexNetTwoLayer(widths=(4, 16), weights="shipped")
    with pytest.raises(FileNotFoundError, match="there is no file none"):
        AlexNetTwoLayer(weights="none.ckpt")
