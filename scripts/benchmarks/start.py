"""How long a command takes before it does anything: this project beside a Hydra application that does nothing."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from omegaconf import DictConfig

from scripts.benchmarks.timing.measure import machine, measure, time_command
from scripts.benchmarks.timing.table import Table, seconds_text

WORK = "scripts.benchmarks.work.grouping_work"
NOTHING = """
import hydra

@hydra.main(version_base="1.3", config_path=None)
def main(cfg):
    pass

main()
"""
# The same command, but what it found is not written.
WITHOUT_FILES = """
import runpy, sys, types
sys.modules["scripts.group_output.files"] = types.SimpleNamespace(write_all=lambda *arguments: None)
sys.argv[0] = "scripts/group.py"
runpy.run_module("scripts.group", run_name="__main__")
"""


def run(cfg: DictConfig) -> Table:
    """Measure the commands; grouping a photo too, if a checkpoint and a photo are given."""
    rows, notes = [], [f"median of {cfg.repeats}, after one call that is not counted; the bound of a row is above it"]
    with tempfile.TemporaryDirectory() as folder:
        nothing = Path(folder) / "nothing.py"
        nothing.write_text(NOTHING)
        for options in (["--help"], ["--cfg", "job"]):
            bound = time_command([sys.executable, str(nothing), *options], cfg.repeats)
            ours = time_command([sys.executable, "train.py", *options], cfg.repeats)
            rows.append(_row(f"a Hydra application that does nothing {' '.join(options)} (bound)", bound))
            rows.append(_row(f"train.py {' '.join(options)}", ours, bound))
        if cfg.checkpoint is not None and cfg.photo is not None:
            rows += _grouping_rows(cfg, folder)
        else:
            notes.append("give checkpoint and photo for the time of scripts.group")
    return Table(f"Start of the commands ({machine()})", ["command", "time", "of the bound"], rows, notes)


def _row(name: str, seconds: float, bound: float | None = None) -> list[str]:
    return [name, seconds_text(seconds), "" if bound is None else f"{seconds / bound:.2f}"]


def _grouping_rows(cfg: DictConfig, folder: str) -> list[list[str]]:
    python = sys.executable
    paths = {key: str(Path(cfg[key]).resolve()) for key in ("checkpoint", "photo", "boxes") if cfg[key] is not None}
    torch = time_command([python, "-c", "import torch"], cfg.repeats)
    decoding = measure(f"{WORK}:decode_photo", cfg.repeats, photo=paths["photo"]).seconds
    computation = measure(f"{WORK}:group_photo", cfg.repeats, **{"boxes": None, **paths}).seconds
    options = [*(f"{key}={path}" for key, path in paths.items()), f"output_dir={folder}/out"]
    without = time_command([python, "-c", WITHOUT_FILES, *options], cfg.repeats)
    whole = time_command([python, "-m", "scripts.group", *options], cfg.repeats)
    bound = torch + computation
    return [
        _row("import torch", torch),
        _row("decoding the photo", decoding),
        _row("reading, embedding and grouping the photo, decoding included", computation),
        _row("import torch and that (bound)", bound),
        _row("scripts.group on that photo, nothing written", without, bound),
        _row("scripts.group on that photo, picture, page and tables written", whole, bound),
    ]
