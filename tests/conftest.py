"""Fixtures that all tests share."""

from pathlib import Path

import pytest
import torch
from omegaconf import DictConfig
from support import compose_config, real_data

# Tests are small: one thread each avoids the cost of waking the others.
torch.set_num_threads(1)


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory) -> Path:
    """A cache that all tests share, so that the tiny shelves are rendered once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def config(tmp_path, cache_dir):
    """Compose the training configuration on tiny shelves with quick callbacks."""

    def composed(*overrides: str) -> DictConfig:
        fixed = [
            "debug=smoke",
            "callbacks=minimal",
            "trainer.accelerator=cpu",
            "+trainer.enable_progress_bar=false",
            f"output_dir={tmp_path / 'run'}",
            f"cache_dir={cache_dir}",
        ]
        return compose_config([*fixed, *overrides])

    return composed


@pytest.fixture
def detergents() -> Path:
    return real_data("DETERGENTS")


@pytest.fixture
def weights_dir() -> Path:
    return real_data("WEIGHTS")
