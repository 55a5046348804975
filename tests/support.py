"""Composing configurations and finding real data, for all tests."""

import os
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from scripts.cli.process import prepare_process

ROOT = Path(__file__).resolve().parent.parent


def compose_config(overrides: list[str], name: str = "config") -> DictConfig:
    """Return a configuration as hydra.main would hand it to a command."""
    prepare_process()
    with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"):
        cfg = compose(name, overrides=overrides, return_hydra_config=True)
    HydraConfig.instance().set_config(cfg)
    with_hydra = OmegaConf.to_container(cfg, resolve=False)
    del with_hydra["hydra"]
    return OmegaConf.create(with_hydra)


def real_data(variable: str) -> Path:
    """Return the folder that an environment variable names, or skip the test."""
    folder = os.environ.get(variable)
    if not folder:
        pytest.skip(f"real data: set {variable} to its folder")
    return Path(folder)
