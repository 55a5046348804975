"""What a stranger's checkpoint may bring to a run that goes on from it, and where that run writes all the same."""

import shutil
from pathlib import Path

import pytest
import torch
from omegaconf import OmegaConf
from support import compose_config

from scripts.cli.mistakes import explain_mistakes
from scripts.evaluation.checkpoints import find_checkpoints
from scripts.resuming.recorded_config import known_parts_only
from scripts.resuming.resume import resumed
from train import train

LIGHTNING = "pytorch_lightning."


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Return the configuration of a run as its checkpoint holds it."""
    cfg = compose_config(["debug=smoke", "callbacks=default", f"output_dir={tmp_path_factory.mktemp('run')}"])
    values = OmegaConf.to_container(cfg, resolve=False)
    # Hydra's own values are recorded as values.
    values["callbacks"]["hyperparameters"]["hyperparameters"] = {}
    return values


def changed(values, keys, value):
    first, *rest = keys.split(".", 1)
    return {**values, first: changed(values.get(first) or {}, rest[0], value) if rest else value}


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ("callbacks.checkpoint.filename", "../../../home/user/.bashrc"),
        ("callbacks.checkpoint.filename", "/etc/cron.d/x"),
        ("callbacks.checkpoint.filename", ".hidden"),
        ("callbacks.checkpoint.filename", "${monitor}"),
        ("callbacks.checkpoint.filename", ["../x"]),
        ("callbacks.checkpoint.filename", {"a": "../x"}),
        ("callbacks.checkpoint.filename", "{epoch:/../../x}"),
        ("callbacks.last._args_", ["/etc"]),
        ("callbacks.x", {"_target_": LIGHTNING + "callbacks.ModelCheckpoint", "_args_": ["/etc"]}),
        ("callbacks.learning_rate.logging_interval", "../../x"),
        ("callbacks.progress.theme", {"_target_": "os.system"}),
        ("trainer._args_", [1]),
        ("trainer.profiler", {"_target_": "os.system"}),
        ("trainer.profiler", "/etc/x"),
        ("trainer.plugins", ["/etc/x"]),
        ("trainer.strategy", {"a": "b"}),
        ("trainer.logger", "../x"),
        ("optimizer._args_", ["x"]),
        ("datamodule._recursive_", False),
        ("data._args_", ["/etc"]),
        ("data.inner", {"_target_": "shutil.rmtree", "path": "/"}),
        ("anything", [[{"_target_": "os.system"}]]),
        ("logger._target_", "os.system"),
        ("module.recipe", {"_target_": "torch.load", "f": "x"}),
    ],
    ids=str,
)
def test_what_might_lead_elsewhere_is_refused_in_one_line(recorded, keys, value):
    with pytest.raises(ValueError, match=r"^evil\.ckpt: [^\n]+$"):
        known_parts_only(changed(recorded, keys, value), "evil.ckpt")


@pytest.mark.parametrize(
    ("keys", "own"),
    [
        ("callbacks.checkpoint.dirpath", "${output_dir}/checkpoints"),
        ("callbacks.last.dirpath", "${output_dir}/checkpoints"),
        ("trainer.default_root_dir", "${output_dir}"),
        ("logger.save_dir", "${output_dir}"),
        ("logger.name", ""),
        ("logger.version", ""),
        ("data.cache_dir", "${cache_dir}"),
        ("datamodule.cache_dir", "${cache_dir}"),
    ],
)
@pytest.mark.parametrize("value", ["/etc", "../..", "evil", "${monitor}", ["/etc"], {"a": "/etc"}, 3, None], ids=str)
def test_places_are_this_projects_own_whatever_is_recorded(recorded, keys, own, value):
    kept = OmegaConf.create(known_parts_only(changed(recorded, keys, value), "evil.ckpt"))
    parent, _, key = keys.rpartition(".")
    assert OmegaConf.to_container(kept)[parent.split(".")[0]] is not None
    node = OmegaConf.to_container(kept, resolve=False)
    for name in parent.split("."):
        node = node[name]
    assert node.get(key) == own


@pytest.mark.parametrize(
    ("logger", "more"),
    [
        ("WandbLogger", {"offline": False, "project": "theirs", "dir": "/etc"}),
        ("MLFlowLogger", {"tracking_uri": "https://elsewhere", "artifact_location": "/etc"}),
        ("CSVLogger", {"save_dir": "/etc", "prefix": "../"}),
        ("TensorBoardLogger", {"sub_dir": "../../x", "log_dir": "/etc"}),
    ],
)
def test_what_leaves_the_machine_is_said_by_conf_alone(recorded, logger, more):
    node = {"_target_": f"{LIGHTNING}loggers.{logger}", **more}
    kept = known_parts_only(changed(recorded, "logger", node), "evil.ckpt")["logger"]
    assert not {"theirs", "https://elsewhere", "/etc", "../", "../../x"} & set(map(str, kept.values()))
    assert kept.get("offline", True) is True


def test_options_of_an_honest_run_are_brought(recorded):
    honest = {
        "trainer.max_epochs": 7,
        "trainer.gradient_clip_val": 0.5,
        "trainer.gradient_clip_algorithm": "norm",
        "trainer.precision": "bf16-mixed",
        "trainer.devices": [0, 1],
        "callbacks.checkpoint.monitor": "val/accuracy",
        "callbacks.checkpoint.mode": "min",
        "callbacks.lda_initialization.crops_per_class": 5,
        "optimizer.lr": 0.5,
        "data.num_brands": 3,
    }
    for keys, value in honest.items():
        recorded = changed(recorded, keys, value)
    kept = OmegaConf.create(known_parts_only(recorded, "mine.ckpt"))
    assert {keys: OmegaConf.select(kept, keys) for keys in honest} == honest


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Train two epochs, and return the run's folder."""
    folder = tmp_path_factory.mktemp("trained")
    overrides = ["debug=smoke", "callbacks=minimal", "trainer.accelerator=cpu", "+trainer.enable_progress_bar=false"]
    places = [f"output_dir={folder}/run", f"cache_dir={folder}/cache"]
    train(compose_config([*overrides, *places, "trainer.max_epochs=2"]))
    return folder


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ("optimizer_states", [{"state": {}, "param_groups": []}]),
        ("pytorch-lightning_version", "hers"),
        ("measures", {"a": "much"}),
        ("state_dict", {}),
        ("state_dict.more", torch.zeros(1)),
    ],
    ids=str,
)
def test_broken_states_are_named_in_one_line(trained, tmp_path, capsys, keys, value):
    content = torch.load(trained / "run/checkpoints/last.ckpt", weights_only=True)
    torch.save(changed(content, keys, value), tmp_path / "evil.ckpt")
    cfg = [f"resume={tmp_path}/evil.ckpt", f"output_dir={tmp_path}/out", f"cache_dir={trained}/cache"]
    with pytest.raises(SystemExit):
        explain_mistakes(lambda typed: train(resumed(typed)))(compose_config([*cfg, "trainer.max_epochs=3"]))
    (line,) = (line for line in capsys.readouterr().err.splitlines() if "error: " in line)
    assert "evil.ckpt" in line
    assert "weights_only" not in line


@pytest.mark.parametrize("key", ["epoch", "global_step", "loops", "optimizer_states", "lr_schedulers", "callbacks"])
@pytest.mark.parametrize("value", ["x", None, {}, []], ids=repr)
def test_what_is_no_state_of_a_training_is_not_gone_on_from(trained, tmp_path, key, value):
    content = torch.load(trained / "run/checkpoints/last.ckpt", weights_only=True)
    if content[key] == value or (key, value) == ("lr_schedulers", []):
        pytest.skip("as it may be")
    torch.save(content | {key: value}, tmp_path / "evil.ckpt")
    with pytest.raises(ValueError, match=r"evil\.ckpt holds no whole state of a training"):
        resumed(compose_config([f"resume={tmp_path}/evil.ckpt"]))


def test_paths_in_the_state_of_a_checkpoint_are_neither_deleted_nor_written(trained, tmp_path):
    shutil.copytree(trained / "run", tmp_path / "run")
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/file.ckpt").touch()
    last = tmp_path / "run/checkpoints/last.ckpt"
    content = torch.load(last, weights_only=True)
    score = torch.tensor(-1.0)
    for state in content["callbacks"].values():
        if isinstance(state, dict) and "dirpath" in state:
            precious = f"{tmp_path}/run/checkpoints/../../precious"
            state |= {"dirpath": f"{tmp_path}/run/checkpoints", "best_k_models": {precious: score}}
            state |= {"kth_best_model_path": precious, "best_model_path": f"{precious}/file.ckpt", "kth_value": score}
            state |= {"last_model_path": precious, "best_model_score": score}
    content["recipe"]["configuration"] |= {"cache_dir": f"{tmp_path}/evil", "output_dir": f"{tmp_path}/evil"}
    torch.save(content, last)
    before = {path for path in tmp_path.rglob("*") if not path.is_relative_to(tmp_path / "run")}
    places = [f"resume={last}", f"output_dir={tmp_path}/run", f"cache_dir={trained}/cache"]
    train(resumed(compose_config([*places, "trainer.max_epochs=3"])))
    after = {path for path in tmp_path.rglob("*") if not path.is_relative_to(tmp_path / "run")}
    assert after == before


def test_an_evaluation_writes_into_the_users_cache(trained, tmp_path):
    content = torch.load(trained / "run/checkpoints/last.ckpt", weights_only=True)
    content["recipe"]["configuration"]["cache_dir"] = "/etc"
    torch.save(content, tmp_path / "evil.ckpt")
    (found,) = find_checkpoints(str(tmp_path / "evil.ckpt"), None, None, str(tmp_path / "mine"))
    cfg = found.configuration()
    assert {cfg.cache_dir, cfg.data.cache_dir, cfg.datamodule.cache_dir} == {str(tmp_path / "mine")}


def test_a_run_that_goes_on_elsewhere_ends_as_one_that_was_never_stopped(trained, tmp_path):
    shutil.copytree(trained / "run", tmp_path / "first")
    last = torch.load(tmp_path / "first/checkpoints/last.ckpt", weights_only=True)
    (state,) = (item for item in last["callbacks"].values() if isinstance(item, dict) and item.get("monitor"))
    # No epoch from here on is as good.
    state["best_model_score"] = torch.tensor(2.0)
    torch.save(last, tmp_path / "first/checkpoints/last.ckpt")
    places = [f"resume={tmp_path}/first/checkpoints/last.ckpt", f"output_dir={tmp_path}/second"]
    best = train(resumed(compose_config([*places, f"cache_dir={trained}/cache", "trainer.max_epochs=3"])))
    files = [tmp_path / name / "checkpoints/best.ckpt" for name in ("first", "second")]
    assert best == 2
    assert files[0].read_bytes() == files[1].read_bytes()
    assert {path.name for path in files[1].parent.iterdir()} == {"best.ckpt", "last.ckpt"}
    assert Path(tmp_path / "second/result.json").is_file()
