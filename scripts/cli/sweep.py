"""Sweeps that go on when a job fails, and that leave out what is finished when they are started again."""

import functools
import gc
import hashlib
import logging
import math
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from hydra.experimental.callback import Callback
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf, open_dict

from analysis.whole_file import write_text
from callbacks.result_file import RESULT_NAME, Result, read_result, write_result
from scripts.cli.arguments.folder_name import folder_name
from scripts.cli.checks import SweepRefused
from scripts.cli.mistakes import check_values, end_with, explain_mistakes, reason_of
from scripts.cli.stopping import raise_stop_behind

log = logging.getLogger(__name__)
FAILURE_NAME = "failure.txt"
# Root keys of conf/paths that say where things lie and not what is done; another data_dir may hold other data.
PLACES = ("output_dir", "cache_dir", "weights_dir")
LONGEST_REASON = 300
# What a sweeper is told of a job without a value: it looks for the highest, and Optuna's ends where it is told NaN.
WORST = -math.inf

# Registered on import, because the processes of a launcher import this file and run none of train.py before they ask
# for the folder.
OmegaConf.register_new_resolver("folder_name", folder_name, replace=True)


def keep_sweeping(command: Callable[[DictConfig], float]) -> Callable[[DictConfig], float]:
    """Make a command the job of a sweep; outside of a sweep, its mistakes are explained as those of any command.

    A job that is finished returns its value without being run. One that fails leaves ``result.json`` with the reason
    and ``failure.txt`` with the traceback, and returns minus infinity, so that the sweep goes on.
    """

    @functools.wraps(command)
    def job(cfg: DictConfig) -> float:
        if HydraConfig.get().mode != RunMode.MULTIRUN:
            return explain_mistakes(command)(cfg)
        try:
            return _run_job(command, cfg, Path(HydraConfig.get().runtime.output_dir))
        except SweepRefused as refusal:
            end_with(refusal)

    return job


class SweepEnd(Callback):
    """Ends a sweep with the jobs that failed, and with exit code 1 if there are any; Hydra calls it."""

    def on_multirun_end(self, config: DictConfig, **kwargs: object) -> None:
        """Look through the sweep's folder, for jobs may have run in other processes or on other machines."""
        folder = Path(config.hydra.sweep.dir)
        paths = sorted(folder.rglob(RESULT_NAME))
        results = {path.parent.relative_to(folder): read_result(path.parent) or Result() for path in paths}
        failed = {name: result for name, result in results.items() if result.get("status") == "failed"}
        print(f"sweep: {len(results) - len(failed)} finished, {len(failed)} failed, in {folder}")
        for name, result in failed.items():
            print(f"failed: {name}: {result['reason']}", file=sys.stderr)
        if failed:
            print(f"tracebacks are in {FAILURE_NAME} of these folders of {folder}", file=sys.stderr)
            print(f"to run only these again, type the same command with hydra.sweep.dir={folder}", file=sys.stderr)
            sys.exit(1)


def _run_job(command: Callable[[DictConfig], float], cfg: DictConfig, folder: Path) -> float:
    configuration = _fingerprint(cfg)
    before = read_result(folder) or Result()
    if before.get("status") == "finished" and before.get("configuration") == configuration:
        log.info("skipped, finished before: %s", folder)
        return WORST if before["best"] is None else float(before["best"])
    for name in (RESULT_NAME, FAILURE_NAME):
        (folder / name).unlink(missing_ok=True)
    try:
        check_values(cfg)
        value = command(cfg)
    except SweepRefused:
        raise
    except Exception as error:
        _record_failure(error, folder, configuration)
        return WORST
    result = read_result(folder) or Result(status="finished", best=value)
    write_result(folder, {**result, "configuration": configuration})
    # Trainer and module refer to each other, and with them a job's crops would stay in memory for a while.
    gc.collect()
    return WORST if math.isnan(value) else value


def _record_failure(error: Exception, folder: Path, configuration: str) -> None:
    raise_stop_behind(error)
    reason = reason_of(error)[:LONGEST_REASON]
    log.error("failed: %s", reason)
    write_text(folder / FAILURE_NAME, "".join(traceback.format_exception(error)))
    write_result(folder, {"status": "failed", "reason": reason, "configuration": configuration})


def _fingerprint(cfg: DictConfig) -> str:
    """Return a text that is the same for the same job, wherever it runs."""
    described = cfg.copy()
    with open_dict(described):
        for name in PLACES:
            described.pop(name, None)
    return hashlib.sha256(OmegaConf.to_yaml(described).encode()).hexdigest()
