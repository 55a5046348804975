"""What a checkpoint knows, and what it is refused for."""

import pytest
import torch

from lightning_modules.recipe import PARTS, Recipe, calls_function, split_override


def make_recipe(**changes):
    parts = {name: {"_target_": name} for name in PARTS}
    return Recipe(**parts | {"configuration": {"seed": 1, "data": {"root": "/home/a", "fold": 0}}} | changes)


def test_it_goes_through_a_file_unchanged(tmp_path):
    recipe = make_recipe(choices={"head": "cosine"}, overrides={"lambda": "3", "~callbacks.progress": ""})
    recipe.set_distance_threshold(0.25)
    torch.save(recipe.to_plain(), tmp_path / "recipe")
    again = Recipe.from_plain(torch.load(tmp_path / "recipe", weights_only=True), "a.ckpt")
    assert again == recipe
    assert again.distance_threshold == 0.25
    assert again.typed == ["lambda=3", "~callbacks.progress"]


def test_a_clustering_without_a_threshold_has_none():
    assert make_recipe().distance_threshold is None


def test_for_another_machine_it_names_no_place():
    configuration = {
        "cache_dir": "/home/a/cache",
        "weights_dir": None,
        "data": {"root": "/home/a/data", "cache_dir": "${cache_dir}", "fold": 3},
    }
    overrides = {"data.root": "/home/a/data", "cache_dir": "/home/a/cache", "head": "cosine"}
    backbone = {"_target_": "Net", "weights": "/home/a/net.pth", "weights_dir": "/home/a"}
    recipe = make_recipe(configuration=configuration, overrides=overrides, backbone=backbone)
    moved = recipe.without_places()
    assert "/home" not in str(moved)
    assert moved.configuration["data"] == {"root": "???", "cache_dir": "${cache_dir}", "fold": 3}
    assert moved.configuration["weights_dir"] is None
    assert moved.overrides == {"head": "cosine"}
    assert "/home" in str(recipe)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 1}, r"a\.ckpt: recipe\.format must be 2, got 1"),
        ({"format": 3}, "update the project"),
        ({"backbone": None}, r"a\.ckpt: recipe\.backbone must be a mapping, got None"),
        ({"choices": []}, r"recipe\.choices must be a mapping"),
        ({"configuration": "x"}, r"recipe\.configuration must be a mapping or null"),
        ({"configuration": {"a": [{"b": torch.zeros(1)}]}}, r"recipe\.configuration\.a\[0\]\.b must be a plain value"),
        ({"configuration": {1: 2}}, r"recipe\.configuration has the key 1, which is not a string"),
        ({"configuration": {"a": "${oc.env:HOME}"}}, r"recipe\.configuration\.a is '\$\{oc\.env:HOME\}'"),
        ({"overrides": {"a": "${oc.env:HOME}"}}, r"recipe\.overrides\.a"),
        ({"metric": {"_target_": "CosineMetric", "size_weight": "${oc.decode:1}"}}, r"recipe\.metric\.size_weight"),
    ],
)
def test_what_is_refused_is_named_with_file_and_key(change, message):
    with pytest.raises(ValueError, match=message):
        Recipe.from_plain(make_recipe().to_plain() | change, "a.ckpt")


@pytest.mark.parametrize("plain", [None, [], "recipe", {}, {"format": "2"}])
def test_what_is_no_recipe_is_refused(plain):
    with pytest.raises(ValueError, match=r"a\.ckpt: recipe\.format"):
        Recipe.from_plain(plain, "a.ckpt")


@pytest.mark.parametrize("text", ["", "a", "$", "${lambda}", "${data.root}/x-${.sibling}", "${a[0].b}"])
def test_references_to_other_keys_call_nothing(text):
    assert not calls_function(text)


@pytest.mark.parametrize(
    "text",
    [
        "${oc.env:HOME}",
        "x${now:%Y}",
        "${ oc.env : HOME }",
        "${${a}:b}",
        "${a:${b}}",
        "$${a}{oc.env:HOME}",
        "\\${oc.env:A}",
    ],
)
def test_functions_of_the_configuration_are_found_in_any_disguise(text):
    assert calls_function(text)


@pytest.mark.parametrize(
    ("override", "pair"),
    [
        ("lambda=3", ("lambda", "3")),
        ("+experiment=recommended", ("+experiment", "recommended")),
        ("++data.root=a=b", ("++data.root", "a=b")),
        ("~callbacks.progress", ("~callbacks.progress", "")),
    ],
)
def test_overrides_are_split_at_the_first_equals_sign(override, pair):
    assert split_override(override) == pair
