"""Composing configurations and finding real data, for all tests."""

import copy
import functools
import os
from pathlib import Path
from unittest.mock import patch

import pytest
from hydra import compose, initialize_config_dir
from hydra._internal import config_loader_impl
from hydra._internal.config_repository import CachingConfigRepository, ConfigRepository
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.plugins.config_source import ConfigResult
from omegaconf import DictConfig, OmegaConf

from lightning_modules.recipe import emptied
from scripts.cli.process import prepare_process

ROOT = Path(__file__).resolve().parent.parent
# A training of seconds.
QUICK = ["debug=smoke", "callbacks=minimal", "trainer.accelerator=cpu", "+trainer.enable_progress_bar=false"]


class _FilesReadOnce(CachingConfigRepository):
    """The files of a folder of configurations, parsed once; who composes gets copies."""

    def load_config(self, config_path: str) -> ConfigResult | None:
        return copy.deepcopy(super().load_config(config_path))

    def __deepcopy__(self, memo: dict) -> "_FilesReadOnce":
        return self


@functools.cache
def _repository() -> _FilesReadOnce:
    return _FilesReadOnce(ConfigRepository(GlobalHydra.instance().config_loader().get_search_path()))


def compose_config(overrides: list[str], name: str = "config") -> DictConfig:
    """Return a configuration as hydra.main would hand it to a command."""
    prepare_process()
    # Hydra reads 40 files anew for each configuration, of which the tests compose hundreds: half of the time.
    once = patch.object(config_loader_impl, "CachingConfigRepository", lambda _: CachingConfigRepository(_repository()))
    with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"), once:
        cfg = compose(name, overrides=overrides, return_hydra_config=True)
    HydraConfig.instance().set_config(cfg)
    with_hydra = OmegaConf.to_container(cfg, resolve=False)
    del with_hydra["hydra"]
    return OmegaConf.create(with_hydra)


def random_weights(backbone: DictConfig) -> DictConfig:
    """Return the options of a backbone without pretrained weights, of its members neither."""
    return OmegaConf.create(emptied(OmegaConf.to_container(backbone, resolve=True), {"weights"}))


def real_data(variable: str) -> Path:
    """Return the folder that an environment variable names, or skip the test."""
    folder = os.environ.get(variable)
    if not folder:
        pytest.skip(f"real data: set {variable} to its folder")
    return Path(folder)
