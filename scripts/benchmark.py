"""Measures this project beside its peers and beside the least that could do the same work."""

import sys

import hydra
from omegaconf import DictConfig

from scripts.benchmarks.command import run_benchmark
from scripts.cli.mistakes import explain_mistakes
from scripts.cli.start import start


@hydra.main(version_base="1.3", config_path="../conf", config_name="benchmark")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Run one benchmark."""
    run_benchmark(cfg)


def with_name(arguments: list[str]) -> list[str]:
    """Turn a first word without = into name=WORD, the way that Hydra reads it."""
    if arguments and "=" not in arguments[0] and not arguments[0].startswith("-"):
        return [f"name={arguments[0]}", *arguments[1:]]
    return arguments


if __name__ == "__main__":
    sys.argv[1:] = with_name(sys.argv[1:])
    start(main, "benchmark")
