"""A checkpoint is data: whatever a stranger's file holds, it is refused in one line that names it.

Nothing in it is executed, and nothing is written. What a stranger's file may bring to a run that goes on is in
tests/scripts/resuming.
"""

import os
import pickle
import zipfile
from collections import OrderedDict

import pytest
import torch
from support import compose_config

from inference.checkpoint import untrained_embedder
from inference.grouper import Grouper
from scripts.cli.recording import recipe_of

ADVICE = ("weights_only", "add_safe_globals", "trusted source")


@pytest.fixture(scope="module")
def honest():
    """Return the content of a small checkpoint that can be loaded."""
    recipe = recipe_of(compose_config(["resize.image_size=16", "clustering.distance_threshold=0.1"]))
    weights = untrained_embedder(recipe).state_dict()
    return {"recipe": recipe.to_plain(), "state_dict": {f"embedder.{name}": value for name, value in weights.items()}}


@pytest.fixture
def evil(honest, tmp_path):
    """Write a checkpoint in which one value is another, named by its keys; return its path."""

    def written(keys, value):
        torch.save(replaced(honest, keys, value), tmp_path / "evil.ckpt")
        return tmp_path / "evil.ckpt"

    return written


def replaced(values, keys, value):
    if not keys:
        return value(values) if callable(value) else value
    first, *rest = keys
    return {**values, first: replaced(values.get(first, {}), rest, value)}


def refuse(path):
    """Check that a file is refused in one line that names it, and that nothing appears beside it."""
    before = set(path.parent.rglob("*"))
    with pytest.raises((ValueError, OSError)) as refused:
        Grouper.load(path)
    message = str(refused.value)
    assert path.name in message
    assert "\n" not in message
    assert len(message) < 500
    assert not any(advice in message for advice in ADVICE)
    assert set(path.parent.rglob("*")) == before


def test_the_honest_one_is_read(evil):
    Grouper.load(evil(["extra"], 1))


class Runs:
    """Runs a command where it is unpickled."""

    def __init__(self, call, *arguments):
        self.call = call, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    "place", [["extra"], ["recipe", "overrides"], ["state_dict", "embedder.x"], ["callbacks", "a"]]
)
@pytest.mark.parametrize(
    "call", [(os.system, "touch owned"), (eval, "open('owned', 'w')"), (os.mkdir, "owned")], ids=str
)
def test_pickled_calls_are_not_made(evil, monkeypatch, tmp_path, place, call):
    monkeypatch.chdir(tmp_path)
    refuse(evil(place, Runs(*call)))
    assert [path.name for path in tmp_path.iterdir()] == ["evil.ckpt"]


def test_a_plain_pickle_is_no_checkpoint(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.ckpt").write_bytes(pickle.dumps(Runs(os.mkdir, "owned")))
    refuse(tmp_path / "a.ckpt")


PARTS = ("resize", "preprocessing", "backbone", "metric", "clustering", "aggregation")
TARGETS = [
    "os.system",
    "builtins.exec",
    "subprocess.Popen",
    "CropResize.__init__.__globals__",
    "datamodules.transforms.crop_resize.CropResize.store_key",
    "inference.parts.import_module",
    "torch.load",
    "hydra.utils.instantiate",
    "Trainer",
    "",
    ".",
    None,
    3,
    ["CropResize"],
    {"_target_": "CropResize"},
    "${backbone._target_}",
    "${oc.env:HOME}",
]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_nothing_but_parts_is_built(evil, part, target):
    refuse(evil(["recipe", part, "_target_"], target))


ARGUMENTS = [
    {"_target_": "os.system", "command": "touch owned"},
    [{"_target_": "os.system"}],
    [[[{"_target_": "os.system"}]]],
    {"_args_": ["touch owned"]},
    "${oc.env:HOME}",
    "${hydra:runtime.cwd}",
    "${oc.decode:${oc.env:HOME}}",
    "${${lambda}:HOME}",
    "$${lambda}{oc.env:HOME}",
    ["${oc.env:HOME}"],
    ["a", ["b", {"c": "${now:%Y}"}]],
]


@pytest.mark.parametrize("key", ["image_size", "_args_", "unknown", "__class__"])
@pytest.mark.parametrize("argument", ARGUMENTS, ids=str)
def test_arguments_are_plain_values_and_known(evil, key, argument):
    if key.startswith("_") and "${" not in str(argument):
        pytest.skip("keys that begin with _ reach no part")
    refuse(evil(["recipe", "resize", key], argument))


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["recipe"], {}),
        (["recipe"], None),
        (["recipe"], []),
        (["recipe"], "recipe"),
        (["recipe", "format"], 99),
        (["recipe", "format"], "2"),
        (["recipe", "resize"], None),
        (["recipe", "resize"], "CropResize"),
        (["recipe", "clustering"], []),
        (["recipe", "choices"], []),
        (["recipe", "overrides"], ["lambda=3"]),
        (["recipe", "configuration"], "x"),
        (["recipe", 3], "a number as a key"),
        (["recipe", "configuration", "a"], {3: 4}),
        (["recipe", "configuration", "a"], (1, 2)),
        (["recipe", "resize", "image_size"], "huge"),
        (["recipe", "resize", "image_size"], 10**9),
        (["recipe", "resize", "image_size"], float("nan")),
        (["recipe", "resize", "image_size"], []),
        (["recipe", "backbone", "embedding_dim"], 10**9),
        (["recipe", "backbone", "embedding_dim"], -1),
        (["recipe", "backbone", "embedding_dim"], "3"),
        (["recipe", "backbone", "embedding_dim"], None),
        (["recipe", "clustering", "distance_threshold"], "near"),
        (["recipe", "clustering", "distance_threshold"], [1]),
        (["recipe", "aggregation", "unknown"], 1),
        (["state_dict"], {}),
        (["state_dict"], []),
        (["state_dict"], None),
        (["state_dict", "embedder.more"], torch.zeros(1)),
    ],
    ids=str,
)
def test_a_recipe_of_wrong_types_is_named(evil, keys, value):
    refuse(evil(keys, value))


def first_weight(change):
    """Return a change of the state_dict's largest weight."""

    def changed(weights):
        name = max(weights, key=lambda key: weights[key].numel())
        return {**weights, name: change(weights[name])}

    return changed


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")
@pytest.mark.parametrize(
    "change",
    [
        lambda weight: weight * float("nan"),
        lambda weight: weight / 0,
        lambda weight: weight[:1],
        lambda weight: weight.T,
        lambda weight: weight.flatten(),
        lambda weight: torch.zeros(1).expand(weight.shape),
        lambda weight: torch.zeros(1).expand(10**6, 10**6, 10**3),
        lambda weight: weight.to_sparse(),
        lambda weight: torch.zeros(weight.shape, device="meta"),
        lambda weight: torch.quantize_per_tensor(weight, 0.1, 0, torch.qint8),
        lambda weight: weight.tolist(),
        lambda weight: None,
        lambda weight: 1.0,
    ],
    ids=[
        "nan",
        "inf",
        "short",
        "turned",
        "flat",
        "repeated",
        "huge",
        "sparse",
        "meta",
        "quantised",
        "list",
        "none",
        "1",
    ],
)
def test_wrong_weights_are_named(evil, change):
    refuse(evil(["state_dict"], first_weight(change)))


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def doubled(times):
    value = ["ha"]
    for _ in range(times):
        value = [value, value]
    return value


@pytest.mark.parametrize(
    "value", [nested(200), doubled(60), {"a": doubled(40)}], ids=["deep", "doubled", "in a mapping"]
)
@pytest.mark.parametrize("keys", [["extra"], ["recipe", "configuration", "a"], ["recipe", "overrides"]], ids=str)
def test_values_without_end_are_refused_at_once(evil, keys, value):
    refuse(evil(keys, value))


def test_values_that_hold_themselves_are_refused(evil):
    value: list = []
    value.append(value)
    refuse(evil(["recipe", "configuration", "a"], value))


def zip_with(path, compression, **files):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(f"evil/{name}", content)


def test_an_archive_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path, honest):
    torch.save(honest, tmp_path / "whole.ckpt")
    with zipfile.ZipFile(tmp_path / "whole.ckpt") as archive:
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    zip_with(tmp_path / "a.ckpt", zipfile.ZIP_DEFLATED, **files | {"data/0": bytes(30_000_000)})
    assert (tmp_path / "a.ckpt").stat().st_size < 10_000_000
    refuse(tmp_path / "a.ckpt")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80",
        b"just text",
        b"PK\x03\x04 cut off",
        b"PK\x05\x06" + bytes(18),
        b"\x08\x07\x12\x04onnx:" + bytes(100),
        b"\x80\x02}q\x00.",
        b"<html></html>",
        bytes(1000),
        OrderedDict(),
        [],
        {"state_dict": {}},
        {"recipe": {}, "epoch": 3},
        torch.zeros(3),
    ],
    ids=lambda content: repr(content)[:30],
)
def test_files_of_other_kinds_are_named(tmp_path, content):
    path = tmp_path / "a.ckpt"
    path.write_bytes(content) if isinstance(content, bytes) else torch.save(content, path)
    refuse(path)


def test_a_zip_of_something_else_a_folder_and_a_part_of_a_file_are_named(tmp_path, honest):
    zip_with(tmp_path / "a.ckpt", zipfile.ZIP_STORED, word="document")
    refuse(tmp_path / "a.ckpt")
    (tmp_path / "b.ckpt").mkdir()
    refuse(tmp_path / "b.ckpt")
    refuse(tmp_path / "absent.ckpt")
    torch.save(honest, tmp_path / "c.ckpt")
    whole = (tmp_path / "c.ckpt").read_bytes()
    for share in (0.1, 0.5, 0.99):
        (tmp_path / "c.ckpt").write_bytes(whole[: int(len(whole) * share)])
        refuse(tmp_path / "c.ckpt")
