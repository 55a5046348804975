"""Fixtures that all tests share."""

import os
from pathlib import Path

import pytest
import torch
from omegaconf import DictConfig
from support import QUICK, compose_config, real_data

from train import train

# Tests are small: one thread each avoids the cost of waking the others.
torch.set_num_threads(1)


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory) -> Path:
    """A cache that all tests share, those of other processes too, so that the tiny shelves are rendered once."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"


@pytest.fixture
def config(tmp_path, cache_dir):
    """Compose the training configuration on tiny shelves with quick callbacks."""

    def composed(*overrides: str) -> DictConfig:
        return compose_config([*QUICK, f"output_dir={tmp_path / 'run'}", f"cache_dir={cache_dir}", *overrides])

    return composed


@pytest.fixture(scope="session")
def trained(tmp_path_factory, cache_dir) -> Path:
    """The folder of a run of that configuration without overrides; only read."""
    folder = tmp_path_factory.mktemp("trained") / "run"
    train(compose_config([*QUICK, f"output_dir={folder}", f"cache_dir={cache_dir}"]))
    return folder


@pytest.fixture
def detergents() -> Path:
    return real_data("DETERGENTS")


@pytest.fixture
def weights_dir() -> Path:
    return real_data("WEIGHTS")
