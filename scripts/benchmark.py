"""Measures this project beside its peers and beside the least that could do the same work."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import hydra
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.start import start

# Each module has a function run(cfg) that returns a table.
BENCHMARKS = ("clustering", "aggregation", "start", "training", "profile", "memory", "embedding")


@hydra.main(version_base="1.3", config_path="../conf", config_name="benchmark")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Runs one benchmark, prints its table, and writes it where a file is named.

    Raises:
        ValueError: If there is no such benchmark, or a size or the number of repeats is not positive.
    """
    if cfg.name not in BENCHMARKS:
        raise ValueError(f"there is no benchmark {cfg.name!r}, only {', '.join(BENCHMARKS)}")
    if cfg.repeats < 1 or any(size < 1 for size in cfg.sizes or []):
        raise ValueError(f"repeats and sizes must be at least 1, got repeats={cfg.repeats} and sizes={cfg.sizes}")
    table = import_module(f"scripts.benchmarks.{cfg.name}").run(cfg)
    table.show()
    if cfg.output is not None:
        Path(cfg.output).parent.mkdir(parents=True, exist_ok=True)
        Path(cfg.output).write_text(table.markdown())
        print(f"wrote {cfg.output}")


def with_name(arguments: list[str]) -> list[str]:
    """Turns a first word without = into name=WORD, the way that Hydra reads it."""
    if arguments and "=" not in arguments[0] and not arguments[0].startswith("-"):
        return [f"name={arguments[0]}", *arguments[1:]]
    return arguments


if __name__ == "__main__":
    sys.argv[1:] = with_name(sys.argv[1:])
    start(main, "benchmark")
