"""A signal ends a command with one line and the code of its signal, and says how to go on."""

import os
import signal
from pathlib import Path

import pytest
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import open_dict, read_write
from support import compose_config

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.stopping import says_how_to_go_on, stopped_by_signals
from scripts.cli.sweep import keep_sweeping

SIGNALS = [(signal.SIGINT, "Ctrl-C", 130), (signal.SIGTERM, "SIGTERM", 143)]


@pytest.fixture(autouse=True)
def same_handlers_afterwards():
    kept = {signum: signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for signum, handler in kept.items():
        signal.signal(signum, handler)


def stop(capsys, command, cfg):
    with pytest.raises(SystemExit) as stopped, stopped_by_signals():
        command(cfg)
    return stopped.value.code, capsys.readouterr().err


@pytest.mark.parametrize(("signum", "name", "code"), SIGNALS)
def test_a_command_ends_with_one_line(capsys, signum, name, code):
    command = explain_mistakes(lambda cfg: os.kill(os.getpid(), signum))
    assert stop(capsys, command, compose_config([])) == (code, f"stopped by {name}\n")


@pytest.mark.parametrize("failure", [ValueError, RecursionError])
def test_what_fails_while_it_is_stopped_is_stopped_all_the_same(capsys, failure):
    def command(cfg):
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            raise failure("while tidying up") from KeyError("a cause")

    assert stop(capsys, explain_mistakes(command), compose_config([])) == (143, "stopped by SIGTERM\n")


def test_a_training_says_what_to_type(capsys, tmp_path):
    def train(cfg):
        kept = Path(cfg.output_dir) / "checkpoints/last.ckpt"
        kept.parent.mkdir(parents=True)
        kept.touch()
        os.kill(os.getpid(), signal.SIGTERM)

    said = stop(capsys, says_how_to_go_on(keep_sweeping(train)), compose_config([f"output_dir='{tmp_path}/my run'"]))
    line = f"stopped by SIGTERM; go on with: python train.py 'resume={tmp_path}/my run/checkpoints/last.ckpt'\n"
    assert said == (143, line)


def test_without_a_checkpoint_there_is_nothing_to_go_on_from(capsys, tmp_path):
    command = says_how_to_go_on(keep_sweeping(lambda cfg: os.kill(os.getpid(), signal.SIGINT)))
    code, said = stop(capsys, command, compose_config([f"output_dir={tmp_path}"]))
    assert (code, said) == (130, "stopped by Ctrl-C; no epoch of it was kept, so type the same command again\n")


def test_a_sweep_is_stopped_and_not_finished(capsys, tmp_path):
    cfg = compose_config([f"hydra.sweep.dir={tmp_path}"])
    hydra = HydraConfig.get()
    with read_write(hydra), open_dict(hydra):
        hydra.mode, hydra.runtime.output_dir = RunMode.MULTIRUN, str(tmp_path / "job")
    command = says_how_to_go_on(keep_sweeping(lambda cfg: os.kill(os.getpid(), signal.SIGTERM)))
    code, said = stop(capsys, command, cfg)
    assert code == 143
    assert said.endswith(f"type the same command with hydra.sweep.dir={tmp_path}\n")
    assert not (tmp_path / "job/result.json").exists()


def test_an_import_is_not_torn_apart(capsys, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "slow_module.py").write_text(
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGTERM)\ntime.sleep(0.3)\nWHOLE = True\n"
    )

    def command(cfg):
        import slow_module

        assert slow_module.WHOLE
        signal.pause()

    assert stop(capsys, command, None) == (143, "stopped by SIGTERM\n")


def test_who_was_told_to_leave_a_signal_alone_does_so(capsys):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with stopped_by_signals():
        os.kill(os.getpid(), signal.SIGINT)
    assert capsys.readouterr().err == ""
