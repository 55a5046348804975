"""Going on from a checkpoint: whose word counts, and what a stranger's checkpoint may not do."""

import copy
import functools

import pytest
import torch
from hydra.core.hydra_config import HydraConfig
from hydra.utils import instantiate
from omegaconf import OmegaConf
from support import compose_config

from scripts.cli.recording import recipe_of
from scripts.evaluation.checkpoints import find_checkpoints
from scripts.resuming.recorded_config import known_parts_only, known_targets
from scripts.resuming.resume import resumed

# Of a training, as far as it is looked at before Lightning restores it.
STATE = {
    "epoch": 0,
    "global_step": 1,
    "loops": {"fit_loop": {}},
    "optimizer_states": [{}],
    "lr_schedulers": [],
    "callbacks": {"a": {}},
}


@functools.cache
def recorded(*overrides):
    """Return what a run records; composing takes longer than all else."""
    return recipe_of(compose_config(["output_dir=first", *overrides])).to_plain()


@pytest.fixture
def checkpoint(tmp_path):
    """Write a checkpoint of a run that was never trained; its configuration can be changed first."""

    def written(*overrides, **changes):
        recipe = copy.deepcopy(recorded(*overrides))
        for key, value in changes.items():
            OmegaConf.update(holder := OmegaConf.create({}), key.replace("__", "."), value)
            merge(recipe["configuration"], OmegaConf.to_container(holder, resolve=False))
        content = {"recipe": recipe, "state_dict": {}, **STATE}
        torch.save(content, tmp_path / "last.ckpt")
        return tmp_path / "last.ckpt"

    return written


def merge(values, changes):
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(values.get(key), dict):
            merge(values[key], value)
        else:
            values[key] = value


def go_on(path, *overrides):
    return resumed(compose_config([f"resume={path}", "output_dir=second", *overrides]))


def test_without_a_word_the_run_goes_on_as_it_was(checkpoint):
    path = checkpoint("head=cosface", "lambda=3", "data=folder", "data.root=somewhere", "callbacks=minimal")
    now, before = (
        go_on(path),
        compose_config(
            ["head=cosface", "lambda=3", "data=folder", "data.root=somewhere", "callbacks=minimal", "output_dir=second"]
        ),
    )
    before.resume = str(path)
    assert OmegaConf.to_container(now, resolve=True) == OmegaConf.to_container(before, resolve=True)


def test_the_runs_configuration_counts_and_not_todays_defaults(checkpoint):
    path = checkpoint(optimizer__lr=0.5, trainer__max_epochs=77, embedding_dim=11)
    now = go_on(path)
    assert (now.optimizer.lr, now.trainer.max_epochs, now.backbone.embedding_dim) == (0.5, 77, 11)


def test_what_is_typed_counts_and_reaches_what_refers_to_it(checkpoint):
    path = checkpoint("lambda=3", "optimizer.lr=0.5")
    now = go_on(path, "lambda=10", "trainer.max_epochs=40")
    # 10 is also the default: it was typed, so it counts.
    assert (now["lambda"], now.head.scale, now.optimizer.lr, now.trainer.max_epochs) == (10, 10, 0.5, 40)


def test_a_typed_group_replaces_its_part(checkpoint):
    path = checkpoint("optimizer=sgd", "optimizer.lr=0.5", "lambda=3")
    now = go_on(path, "optimizer=adamw")
    assert now.optimizer._target_ == "torch.optim.AdamW"
    assert now.optimizer.lr == 0.001
    assert now["lambda"] == 3


def test_a_callback_that_is_left_out_now_or_then_is_left_out(checkpoint):
    path = checkpoint("callbacks=default", "~callbacks.projector")
    now = go_on(path, "~callbacks.progress")
    assert not {"progress", "projector"} & set(now.callbacks)
    assert "summary" in now.callbacks


def test_an_option_for_the_whole_configuration_brings_its_own_values(checkpoint):
    path = checkpoint("lambda=3", "trainer.max_epochs=9", "data.num_brands=7")
    now = go_on(path, "debug=smoke")
    assert (now.trainer.max_epochs, now.trainer.limit_train_batches, now["lambda"]) == (1, 5, 3)
    assert now.data.num_brands == 5


def test_a_key_that_only_the_recorded_option_has_can_be_typed(checkpoint):
    path = checkpoint("data=folder", "data.root=before", "data.fold=2")
    now = go_on(path, "++data.root=after")
    assert (now.data.root, now.data.fold) == ("after", 2)


def test_hydras_own_record_says_what_the_run_chose(checkpoint):
    path = checkpoint("head=cosface", "metric=cosine")
    now = go_on(path, "optimizer=sgd")
    choices = HydraConfig.get().runtime.choices
    assert (choices["head"], choices["optimizer"]) == ("cosface", "sgd")
    assert now.callbacks.hyperparameters.hyperparameters.head == "cosface"
    assert now.callbacks.hyperparameters.hyperparameters.optimizer == "sgd"
    again = recipe_of(now)
    assert {"head": "cosface", "optimizer": "sgd"}.items() <= again.overrides.items()
    assert again.configuration["output_dir"] == "second"


def test_values_of_functions_are_recorded_and_read_again(checkpoint, monkeypatch):
    monkeypatch.setenv("SCALE", "7")
    path = checkpoint("lambda=${oc.env:SCALE}")
    monkeypatch.delenv("SCALE")
    assert go_on(path)["lambda"] == 7 or go_on(path)["lambda"] == "7"
    assert "oc.env" not in str(torch.load(path, weights_only=True)["recipe"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"optimizer___target_": "os.system"}, "optimizer._target_ is 'os.system', which is none of this project's"),
        ({"trainer__plugins": [{"_target_": "subprocess.run", "args": "true"}]}, r"trainer\.plugins\[0\]\._target_"),
        ({"data__corrupt": {"_target_": "builtins.eval", "_args_": ["1"]}}, r"data\.corrupt\._target_"),
        ({"seed": {"deep": {"_target_": "os.getcwd"}}}, r"seed\.deep\._target_"),
        ({"callbacks__mine": {"_target_": "callbacks.result.json.codecs.builtins.exec"}}, r"callbacks\.mine\._target_"),
        ({"callbacks__mine": {"_target_": "torch.optim.Adam.__init__.__globals__"}}, r"callbacks\.mine\._target_"),
        ({"callbacks__mine": {"_target_": "${metric._target_}"}}, r"callbacks\.mine\._target_"),
        ({"callbacks__mine": {"_target_": ["os.system"]}}, r"callbacks\.mine\._target_"),
        ({"optimizer__lr": "${oc.env:HOME}"}, r"configuration\.optimizer\.lr is '\$\{oc\.env:HOME\}'"),
        ({"monitor": "${oc.decode:${oc.env:HOME}}"}, r"configuration\.monitor"),
        ({"datamodule__source": "${${monitor}:HOME}"}, r"configuration\.datamodule\.source"),
    ],
)
def test_a_strangers_checkpoint_builds_parts_of_the_project_only(tmp_path, checkpoint, changes, message):
    path = checkpoint()
    content = torch.load(path, weights_only=True)
    for key, value in changes.items():
        *parents, last = key.replace("___target_", "__@").split("__")
        node = content["recipe"]["configuration"]
        for name in parents:
            node = node[name]
        node[last.replace("@", "_target_")] = value
    torch.save(content, path)
    with pytest.raises(ValueError, match=message):
        go_on(path)
    with pytest.raises(ValueError, match=message):
        find_checkpoints(str(path), None, None)[0].configuration()


def test_a_class_of_the_same_name_elsewhere_is_the_projects_own():
    built = known_parts_only({"optimizer": {"_target_": "evil.package.SGD", "lr": 0.1}}, "a.ckpt")
    assert built["optimizer"]["_target_"] == "torch.optim.SGD"


def test_the_table_holds_what_conf_names_and_nothing_that_runs_code():
    roots = {path.partition(".")[0] for path in known_targets().values()}
    own = {"analysis", "callbacks", "datamodules", "inference", "lightning_modules", "scripts"}
    assert roots <= own | {"pytorch_lightning", "torch", "builtins"}
    assert {path for path in known_targets().values() if path.startswith("builtins")} <= {"builtins.bool"}
    cfg = compose_config([])
    assert instantiate(known_parts_only(OmegaConf.to_container(cfg.metric), "a.ckpt")) is not None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            {"overrides": ["head=linear", "+experiment=recommended"]},
            r"train anew: python train\.py head=linear \+experiment=recommended",
        ),
        ({"overrides": []}, "is of an earlier format"),
    ],
)
def test_a_checkpoint_of_the_first_format_says_what_to_type(tmp_path, content, message):
    parts = {name: {} for name in ("transform", "backbone", "metric", "clustering", "aggregation")}
    torch.save({"recipe": parts | content, "state_dict": {}, "optimizer_states": []}, tmp_path / "old.ckpt")
    with pytest.raises(ValueError, match=message):
        go_on(tmp_path / "old.ckpt")


def test_the_embedder_alone_is_not_resumed(tmp_path, checkpoint):
    path = checkpoint()
    content = torch.load(path, weights_only=True)
    del content["optimizer_states"]
    torch.save(content, path)
    with pytest.raises(ValueError, match=r"type resume=PATH of the last\.ckpt"):
        go_on(path)
