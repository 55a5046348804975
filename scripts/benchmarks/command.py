"""What the benchmark command does."""

from __future__ import annotations

from importlib import import_module

from omegaconf import DictConfig

from analysis.whole_file import write_text
from scripts.cli.arguments.known import like

# Each module has a function run(cfg) that returns a table.
BENCHMARKS = (
    "clustering", "aggregation", "start", "training", "profile", "memory", "embedding", "review", "learning", "audit",
    "names",
)  # fmt: skip
# Those that do not lie in front.
_BEHIND = {"names": "reviewing.names"}


def run_benchmark(cfg: DictConfig) -> None:
    """Run one benchmark, print its table, and write it where a file is named.

    Raises:
        ValueError: If there is no such benchmark, or a size or the number of repeats is not positive.
    """
    if cfg.name not in BENCHMARKS:
        what = "name must be given" if cfg.name is None else f"there is no benchmark {cfg.name!r}"
        meant = (like(str(cfg.name), BENCHMARKS) or BENCHMARKS)[0]
        raise ValueError(f"{what}: type python -m scripts.benchmark {meant}; there are {', '.join(BENCHMARKS)}")
    if cfg.repeats < 1 or any(size < 1 for size in cfg.sizes or []):
        raise ValueError(f"repeats and sizes must be at least 1, got repeats={cfg.repeats} and sizes={cfg.sizes}")
    table = import_module(f"scripts.benchmarks.{_BEHIND.get(cfg.name, cfg.name)}").run(cfg)
    table.show()
    if cfg.output is not None:
        write_text(cfg.output, table.markdown())
        print(f"wrote {cfg.output}")
