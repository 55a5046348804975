"""Taking embeddings and the embedder away."""

import csv

import numpy as np
import pytest
import torch
from PIL import Image
from support import compose_config

from inference.checkpoint import Checkpoint, untrained_embedder
from scripts import embed, evaluate, export, group
from scripts.cli.recording import recipe_of
from train import train


@pytest.fixture(scope="module")
def crops(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crops")
    rng = np.random.default_rng(0)
    for number in range(5):
        path = folder / f"class{number % 2}" / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(rng.integers(0, 255, (30 + number, 20, 3), dtype=np.uint8)).save(path)
    return folder


def write_checkpoint(folder, *overrides):
    recipe = recipe_of(compose_config(["output_dir=unused", *overrides]))
    torch.manual_seed(0)
    state = untrained_embedder(recipe).state_dict()
    Checkpoint(recipe, {f"embedder.{key}": value for key, value in state.items()}).write(folder / "a.ckpt")
    return folder / "a.ckpt"


def run(command, name, **values):
    command.main.__wrapped__(compose_config([f"{key}={value}" for key, value in values.items()], name=name))


@pytest.mark.parametrize("suffix", ["npz", "csv"])
def test_embeddings_come_with_their_ids(tmp_path, crops, suffix):
    output = tmp_path / "out" / f"e.{suffix}"
    run(embed, "embed", checkpoint=write_checkpoint(tmp_path), crops=crops, output=output, cache_dir=tmp_path / "cache")
    if suffix == "npz":
        content = np.load(output)
        ids, embeddings = content["ids"].tolist(), content["embeddings"]
    else:
        with output.open() as stream:
            rows = list(csv.reader(stream))[1:]
        ids, embeddings = [row[0] for row in rows], np.array([row[1:] for row in rows], dtype=float)
    assert ids == ["class0/0.png", "class0/2.png", "class0/4.png", "class1/1.png", "class1/3.png"]
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)


# Warnings of the exporters' own code, which a newer release of either may fix.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
@pytest.mark.parametrize("suffix", ["onnx", "pt2"])
@pytest.mark.parametrize(
    "overrides",
    [
        ["metric=euclidean", "backbone=timm", "backbone.name=test_efficientnet", "backbone.pooling=grid"],
        ["backbone.size_input=true", "metric.size_weight=0.2", "preprocessing.illumination=standardize"],
    ],
    ids=["timm", "sizes"],
)
def test_the_exported_graph_equals_pytorch(tmp_path, crops, capsys, suffix, overrides):
    if suffix == "onnx":
        pytest.importorskip("onnxruntime", reason="the extra 'export' is not installed")
    if "backbone=timm" in overrides:
        pytest.importorskip("timm", reason="the extra 'timm' is not installed")
    checkpoint = write_checkpoint(tmp_path, "backbone.image_size=96", *overrides)
    run(export, "export", checkpoint=checkpoint, crops=crops, output=tmp_path / f"e.{suffix}")
    printed = capsys.readouterr().out
    assert float(printed.rsplit(":", 1)[1]) < 1e-4
    assert (tmp_path / f"e.{suffix}").stat().st_size < 1e6


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"output": "e.txt", "crops": "x"}, r"must end in \.npz or \.csv, got e\.txt"),
        ({}, "give either crops=FOLDER or photo=PATH with boxes=PATH"),
        ({"photo": "a.jpg"}, "give either crops"),
        ({"crops": "nowhere"}, "there is no folder nowhere"),
    ],
)
def test_mistakes_are_named(tmp_path, capsys, values, message):
    with pytest.raises(SystemExit):
        run(embed, "embed", checkpoint=write_checkpoint(tmp_path), **values)
    import re

    assert re.search(message, capsys.readouterr().err)


def test_the_small_checkpoint_embeds_alike_without_head_and_places(tmp_path, crops, config, capsys):
    train(config("backbone.widths=[2,4]"))
    whole, small = tmp_path / "run/checkpoints/last.ckpt", tmp_path / "out/small.ckpt"
    run(export, "export", checkpoint=whole, output=small)
    content, before = torch.load(small, weights_only=True), torch.load(whole, weights_only=True)
    assert content.keys() == {"recipe", "state_dict"}
    assert all(name.startswith("embedder.") for name in content["state_dict"])
    assert content["recipe"]["clustering"] == before["recipe"]["clustering"]
    assert content["recipe"]["clustering"]["distance_threshold"] > 0
    assert str(tmp_path) not in str(content["recipe"])
    assert f"{small.stat().st_size / 1e6:.2f} MB" in capsys.readouterr().out
    for path in (whole, small):
        run(embed, "embed", checkpoint=path, crops=crops, output=path.with_suffix(".npz"), cache_dir=tmp_path / "cache")
    rows = [np.load(path.with_suffix(".npz"))["embeddings"] for path in (whole, small)]
    np.testing.assert_array_equal(*rows)


def test_a_view_does_not_take_its_storage_along(tmp_path):
    recipe = Checkpoint.read(write_checkpoint(tmp_path)).recipe
    view = torch.zeros(1_000_000)[:10]
    small = Checkpoint(recipe, {"embedder.a": view, "head.b": view}).without_training()
    assert list(small.weights) == ["embedder.a"]
    small.write(tmp_path / "b")
    assert (tmp_path / "b").stat().st_size < 10_000


@pytest.mark.parametrize(
    ("command", "name", "values"),
    [
        (group, "group", {"photo": "a.jpg"}),
        (embed, "embed", {"crops": "a"}),
        (evaluate, "evaluate", {"data": "synthetic_small"}),
    ],
)
def test_a_missing_shipped_checkpoint_says_what_makes_it(tmp_path, capsys, monkeypatch, command, name, values):
    monkeypatch.setattr("inference.shipped_checkpoint.SHIPPED", tmp_path / "none.ckpt")
    with pytest.raises(SystemExit):
        run(command, name, **values)
    assert "`make checkpoint` makes it anew" in capsys.readouterr().err


def test_a_checkpoint_of_a_pretrained_net_needs_no_weights_file(tmp_path):
    checkpoint = write_checkpoint(tmp_path, "backbone=caffenet_last1", "backbone.weights=null")
    content = torch.load(checkpoint, weights_only=True)
    content["recipe"]["backbone"]["weights"] = "imagenet"
    torch.save(content, checkpoint)
    assert Checkpoint.read(checkpoint).build_embedder().backbone.image_size == 227
