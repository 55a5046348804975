"""What is refused before anything is read."""

import re

import pytest
from support import compose_config

from scripts.cli import checks
from scripts.cli.checks import SweepRefused, check_overrides


@pytest.mark.parametrize("logger", ["wandb", "mlflow"])
def test_a_logger_whose_package_is_missing_says_how_to_install_it(logger, monkeypatch):
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    message = f"logger={logger} needs the package {logger}: pip install {logger}"
    with pytest.raises(SweepRefused, match=re.escape(message)):
        check_overrides(compose_config([f"logger={logger}"]))


def test_pretrained_weights_that_are_not_used_are_named(caplog):
    own = ["data=folder", "data.root=unused", "weights_dir=somewhere"]
    check_overrides(compose_config(own))
    assert "type backbone=caffenet_fixed" in caplog.text
    caplog.clear()
    check_overrides(compose_config([*own, "backbone=caffenet_fixed"]))
    assert not caplog.text


def test_a_gpu_that_is_missing_is_named(monkeypatch):
    cfg = compose_config(["trainer=gpu"])
    monkeypatch.setattr(checks, "_has_gpu", lambda: True)
    check_overrides(cfg)
    monkeypatch.setattr(checks, "_has_gpu", lambda: False)
    with pytest.raises(SweepRefused, match=r"\(trainer=gpu\) needs a GPU.*type trainer=cpu"):
        check_overrides(cfg)


def test_a_search_outside_of_a_sweep_is_refused():
    pytest.importorskip("hydra_plugins.hydra_optuna_sweeper", reason="needs pip install hydra-optuna-sweeper")
    with pytest.raises(ValueError, match=r"type python train.py -m"):
        check_overrides(compose_config(["hparams_search=optuna"]))


@pytest.mark.parametrize(
    ("devices", "message"), [("99", "no GPU and 4 CPU cores; type trainer.devices=4"), ("two", "number or auto")]
)
def test_more_devices_than_there_are_are_not_waited_for(devices, message, monkeypatch):
    monkeypatch.setattr(checks.os, "cpu_count", lambda: 4)
    with pytest.raises(SweepRefused, match=message):
        check_overrides(compose_config([f"trainer.devices={devices}", "trainer.accelerator=cpu"]))
