"""Overrides that have no effect or cannot work, as far as the configuration alone tells."""

import logging
import os
import re
from importlib.util import find_spec

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig

from scripts.cli.overrides import typed_keys

log = logging.getLogger(__name__)
# Loggers whose package the project does not depend on.
OPTIONAL_LOGGERS = ("wandb", "mlflow")
# Processes that any machine is trusted with, so that several can be tried on one core.
LEAST_PROCESSES = 2


class SweepRefused(ValueError):
    """A run that cannot work, and a sweep of which no job can."""


def check_overrides(cfg: DictConfig) -> None:
    """Warn of overrides without effect and refuse what cannot work.

    Raises:
        ValueError: If runs are to be searched outside of a sweep.
        SweepRefused: If a package or the GPU that is asked for is missing, or a sweep asks for several devices, or for
            one folder for all of its jobs.
    """
    hydra = HydraConfig.get()
    if "lambda" in typed_keys() and "scale" not in cfg.head:
        log.warning(
            "lambda has no effect with head=%s; leave it out or type head=cosine", hydra.runtime.choices["head"]
        )
    if cfg.weights_dir is not None and hydra.runtime.choices.get("backbone") == "shipped":
        log.warning(
            "weights_dir has no effect with backbone=shipped; with caffenet_features.pth in it, "
            "type backbone=caffenet_fixed"
        )
    _check_machine(cfg, hydra.runtime.choices["logger"])
    # The sweeper is this call's own; a resumed run may have been one of a search.
    if hydra.mode != RunMode.MULTIRUN and hydra.runtime.choices["hydra/sweeper"] != "basic":
        raise ValueError("hparams_search chooses the runs of a sweep: type python train.py -m ...")
    if hydra.mode == RunMode.MULTIRUN:
        _check_sweep(cfg, hydra.runtime.output_dir)


def _check_machine(cfg: DictConfig, logger: str) -> None:
    """Refuse a logger or an accelerator that is not there: it would be missing in every job of a sweep."""
    if logger in OPTIONAL_LOGGERS and find_spec(logger) is None:
        raise SweepRefused(f"logger={logger} needs the package {logger}: pip install {logger}")
    if cfg.trainer.accelerator in ("gpu", "cuda", "mps") and not _has_gpu():
        raise SweepRefused(
            f"trainer.accelerator={cfg.trainer.accelerator} (trainer=gpu) needs a GPU that PyTorch can use, and there "
            "is none: type trainer=cpu, or leave it out and what is there is taken"
        )
    count = cfg.trainer.devices
    if isinstance(count, str) and count != "auto" and not re.fullmatch(r"-1|[\d, ]+", count):
        raise SweepRefused(f"trainer.devices must be a number or auto, got {count!r}: type trainer.devices=1")
    if isinstance(count, int) and count > LEAST_PROCESSES:
        _check_devices(count, cfg.trainer.accelerator)


def _check_devices(count: int, accelerator: str) -> None:
    """Refuse more processes than there is hardware for: as many would be started and wait for each other."""
    # Import time: only who asks for several devices waits for torch here.
    import torch

    gpus = 0 if accelerator == "cpu" else torch.cuda.device_count()
    there = gpus or os.cpu_count() or 1
    if count > there:
        kind = f"{there} GPUs" if gpus else f"no GPU and {there} CPU cores"
        raise SweepRefused(f"trainer.devices={count}: there are {kind}; type trainer.devices={there} or less")


def _has_gpu() -> bool:
    # Import time: only who asks for a GPU waits for torch here.
    import torch

    return torch.cuda.is_available() or torch.backends.mps.is_available()


def _check_sweep(cfg: DictConfig, folder: str) -> None:
    if cfg.trainer.devices not in (1, "1"):
        raise SweepRefused(
            "a sweep (-m) together with several devices would start the whole sweep once per device; "
            "set trainer.devices=1 or start the runs one by one"
        )
    if str(cfg.output_dir) != folder:
        raise SweepRefused(
            f"in a sweep (-m) output_dir={cfg.output_dir} would be the folder of every job; "
            f"type hydra.sweep.dir={cfg.output_dir}, and each job gets a folder in it"
        )
