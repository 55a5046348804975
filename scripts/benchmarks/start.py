"""How long a command takes before it does anything: this project beside a Hydra application that does nothing."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from omegaconf import DictConfig

from scripts.benchmarks.measure import Job, machine, measure, time_command
from scripts.benchmarks.table import Table, seconds_text

NOTHING = """
import hydra

@hydra.main(version_base="1.3", config_path=None)
def main(cfg):
    pass

main()
"""


def run(cfg: DictConfig) -> Table:
    """Measures the commands; grouping a photo too, if a checkpoint and a photo are given."""
    rows, notes = [], [f"median of {cfg.repeats}, after one call that is not counted"]
    with tempfile.TemporaryDirectory() as folder:
        nothing = Path(folder) / "nothing.py"
        nothing.write_text(NOTHING)
        for options in (["--help"], ["--cfg", "job"]):
            for name, script in (("a Hydra application that does nothing", str(nothing)), ("train.py", "train.py")):
                seconds = time_command([sys.executable, script, *options], cfg.repeats)
                rows.append([f"{name} {' '.join(options)}", seconds_text(seconds)])
        if cfg.checkpoint is not None and cfg.photo is not None:
            rows += _grouping_rows(cfg, folder)
        else:
            notes.append("give checkpoint and photo for the time of scripts.group")
    return Table(f"Start of the commands ({machine()})", ["command", "time"], rows, notes)


def _grouping_rows(cfg: DictConfig, folder: str) -> list[list[str]]:
    python = sys.executable
    paths = {key: str(Path(cfg[key]).resolve()) for key in ("checkpoint", "photo", "boxes") if cfg[key] is not None}
    nothing = time_command([python, "-c", "pass"], cfg.repeats)
    torch = time_command([python, "-c", "import torch"], cfg.repeats)
    computation = measure("scripts.benchmarks.start:group_photo", cfg.repeats, **{"boxes": None, **paths})
    options = [f"{key}={path}" for key, path in paths.items()]
    whole = time_command([python, "-m", "scripts.group", *options, f"output_dir={folder}/out"], cfg.repeats)
    return [
        ["python, nothing else", seconds_text(nothing)],
        ["import torch", seconds_text(torch)],
        ["reading, embedding and grouping one photo", seconds_text(computation.seconds)],
        ["both together (bound)", seconds_text(torch + computation.seconds)],
        ["scripts.group on that photo, files written", seconds_text(whole)],
    ]


def group_photo(checkpoint: str, photo: str, boxes: str | None) -> Job:
    """Prepares the computation of scripts.group, without its start and without its files."""
    from datamodules.box_files import find_box_file, read_scene
    from scripts.grouping import Grouper

    grouper = Grouper.from_checkpoint(Path(checkpoint))

    def work() -> None:
        scene = read_scene(Path(photo), find_box_file(Path(photo), Path(boxes) if boxes else None)).numbered_in([])
        grouper.group([scene], [grouper.embed(scene)])

    work()
    return work, lambda result: {}
