"""Sweeps that go on, are started again, and run side by side."""

import math
import os
import subprocess
import sys
import time

import pytest
from omegaconf import OmegaConf
from support import QUICK, ROOT, compose_config

from callbacks.result_file import read_result, write_result
from scripts import report
from scripts.cli.checks import SweepRefused, check_overrides
from scripts.cli.sweep import SweepEnd, keep_sweeping

# Said here too, so that the test holds without the line in conf/config.yaml.
END = "++hydra.callbacks.sweep_end._target_=scripts.cli.sweep.SweepEnd"


@pytest.fixture
def job(tmp_path):
    """Compose the configuration of a sweep's job whose folder is tmp_path/job."""

    def composed(*overrides):
        sweep = ["hydra.mode=MULTIRUN", f"hydra.runtime.output_dir={tmp_path}/job"]
        (tmp_path / "job").mkdir(exist_ok=True)
        return compose_config([*sweep, *overrides])

    return composed


def counted(value):
    """Return a command that returns a value, or raises it, and the list of its calls."""
    calls = []

    def command(cfg):
        calls.append(cfg)
        if isinstance(value, BaseException):
            raise value
        return value

    return keep_sweeping(command), calls


def test_a_finished_job_is_skipped_and_a_changed_one_is_not(job, tmp_path):
    command, calls = counted(0.5)
    assert [command(job("lambda=3")) for _ in range(3)] == [0.5] * 3
    assert len(calls) == 1
    command(job("lambda=3", "cache_dir=elsewhere"))
    assert len(calls) == 1
    command(job("lambda=3", "trainer.max_epochs=9"))
    assert len(calls) == 2
    assert read_result(tmp_path / "job")["best"] == 0.5


def test_a_job_without_a_value_is_the_worst_for_the_sweeper(job):
    command, calls = counted(math.nan)
    assert [command(job()) for _ in range(2)] == [-math.inf] * 2
    assert len(calls) == 1


def test_what_the_training_wrote_is_kept(job, tmp_path):
    def command(cfg):
        write_result(tmp_path / "job", {"status": "finished", "best": 0.5, "epochs": 7})
        return 0.5

    keep_sweeping(command)(job())
    assert read_result(tmp_path / "job")["epochs"] == 7
    assert "configuration" in read_result(tmp_path / "job")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("try\n lambda=10"), "try lambda=10"),
        (RuntimeError("out of memory"), "RuntimeError: out of memory"),
        (KeyError("image"), "KeyError: 'image'"),
        (AssertionError(), "AssertionError"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_job_that_fails_says_why_and_is_run_again(job, tmp_path, error, reason):
    command, calls = counted(error)
    assert command(job()) == -math.inf
    result = read_result(tmp_path / "job")
    assert (result["status"], result["reason"]) == ("failed", reason)
    assert "in command" in (tmp_path / "job/failure.txt").read_text()
    command(job())
    assert len(calls) == 2
    counted(0.5)[0](job())
    assert read_result(tmp_path / "job")["status"] == "finished"
    assert not (tmp_path / "job/failure.txt").exists()


def test_a_value_that_must_be_given_fails_its_own_job_only(job, tmp_path):
    command, calls = counted(0.5)
    assert command(job("data=folder")) == -math.inf
    assert not calls
    assert "data.root must be given" in read_result(tmp_path / "job")["reason"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), SystemExit(1)])
def test_whoever_stops_the_sweep_stops_it(job, tmp_path, stop):
    write_result(tmp_path / "job", {"status": "finished", "best": 1.0, "configuration": "another"})
    with pytest.raises(type(stop)):
        counted(stop)[0](job())
    assert read_result(tmp_path / "job") is None


def test_outside_of_a_sweep_a_mistake_ends_the_command(config, capsys):
    with pytest.raises(SystemExit):
        counted(ValueError("try lambda=10"))[0](config())
    assert capsys.readouterr().err == "error: try lambda=10\n"


def test_a_sweep_that_cannot_work_ends_at_once(job, capsys):
    with pytest.raises(SweepRefused, match=r"type hydra\.sweep\.dir=out"):
        check_overrides(job("output_dir=out"))
    with pytest.raises(SystemExit):
        counted(SweepRefused("no"))[0](job())
    assert "error: no" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[]", '{"best"', "{}"])
def test_a_result_that_cannot_be_read_is_none(tmp_path, content):
    (tmp_path / "result.json").write_text(content)
    assert read_result(tmp_path) is None


def test_the_end_of_a_sweep_names_what_failed(tmp_path, capsys):
    config = OmegaConf.create({"hydra": {"sweep": {"dir": str(tmp_path)}}})
    write_result(tmp_path / "lambda=3", {"status": "finished", "best": 1.0})
    SweepEnd().on_multirun_end(config)
    write_result(tmp_path / "lambda=-1", {"status": "failed", "reason": "try lambda=10"})
    with pytest.raises(SystemExit) as stopped:
        SweepEnd().on_multirun_end(config)
    assert stopped.value.code == 1
    written = capsys.readouterr()
    assert written.out.splitlines()[-1] == f"sweep: 1 finished, 1 failed, in {tmp_path}"
    assert "failed: lambda=-1: try lambda=10\n" in written.err


def start(*arguments):
    """Start a command in the repository as a user would."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, **pipes)


@pytest.fixture(scope="module")
def sweep(tmp_path_factory, cache_dir):
    """A sweep with one job made to fail, killed after its first job and started again.

    Its folder, the results before the second start, a way to start it once more, and how the second start ended.
    """
    folder = tmp_path_factory.mktemp("sweep")
    grid = ["head=cosine,linear", "lambda=3,-1", *QUICK, "trainer.limit_train_batches=1"]
    command = ["train.py", "-m", *grid, f"cache_dir={cache_dir}", f"hydra.sweep.dir={folder}", END]
    killed = start(*command)
    until = time.monotonic() + 300
    while not any(map(ended, folder.iterdir())) and killed.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    killed.kill()
    killed.communicate()
    before = {path: written for path, written in times(folder).items() if ended(path.parent)}

    def start_again(*overrides):
        again = start(*command, *overrides)
        out, errors = again.communicate(timeout=600)
        return again.returncode, out, errors

    return folder, before, start_again, start_again()


def ended(folder):
    """Return whether a job came to its end: the configuration is added last, and without it the job is run again."""
    return "configuration" in (read_result(folder) or {})


def times(folder):
    """Return when each job's result was written."""
    return {path: path.stat().st_mtime_ns for path in folder.glob("*/result.json")}


def test_a_sweep_goes_on_after_a_failure_and_after_being_killed(sweep, tmp_path, capsys):
    folder, before, _, (code, out, errors) = sweep
    assert 0 < len(before) < 4
    assert code == 1, errors
    assert errors.count("skipped, finished before") == len(before)
    assert "sweep: 3 finished, 1 failed" in out
    assert "lambda must be a positive number, got -1" in errors
    assert before.items() <= times(folder).items()
    failed = [
        path.parent.name for path in folder.glob("*/result.json") if read_result(path.parent)["status"] == "failed"
    ]
    assert len(failed) == 1
    assert "head-cosine_lambda--1" in failed[0]

    report.main.__wrapped__(compose_config([f"runs={folder}", f"output_dir={tmp_path}/out"], name="report"))
    assert "4 runs: 3 finished, 1 failed, 0 unfinished; 2 settings" in capsys.readouterr().out
    assert len(list(folder.glob("*/checkpoints/best.ckpt"))) == 3
    assert all((tmp_path / f"out/report.{ending}").stat().st_size > 500 for ending in ("csv", "md", "html"))


def test_jobs_run_side_by_side(sweep):
    """The failing job is the only one that is run, which saves time."""
    pytest.importorskip("hydra_plugins.hydra_joblib_launcher", reason="needs pip install hydra-joblib-launcher==1.2.0")
    folder, _, start_again, _ = sweep
    before = times(folder)
    code, out, errors = start_again("hydra/launcher=parallel")
    assert code == 1, errors
    assert "Joblib.Parallel(n_jobs=2" in out
    assert errors.count("skipped, finished before") == 3
    assert "sweep: 3 finished, 1 failed" in out
    changed = [path.parent.name for path, written in times(folder).items() if before[path] != written]
    assert len(changed) == 1
    assert "head-cosine_lambda--1" in changed[0]
